"""`latestSessions`: what a staff member made last."""

from typing import Annotated, TypeAlias

import strawberry

from graphql_api import ids
from graphql_api.context import Info
from graphql_api.queries.connections import Page, Size
from graphql_api.types.session import EarnSession, sessions
from loyalty.base.access import Permission
from loyalty.base.errors import NotFound
from loyalty.sessions import latest_of, live_sessions

OfStaff: TypeAlias = Annotated[
    strawberry.ID | None,
    strawberry.argument(description="Whose sessions; left out, the caller's own."),
]


def latest_sessions(info: Info, staff_id: OfStaff = None, first: Size = 20) -> list[EarnSession]:
    """The newest first, without secrets: a list would draw a code for each."""
    context = info.context
    actor = context.staff(Permission.READ_PANEL)
    size = Page(first, None, None, None).size
    try:
        number = ids.optional(staff_id, "StaffMember") or actor.id
    except NotFound:
        return []
    with context.asking():
        latest = latest_of(number, first=size, actor=actor)
    found = live_sessions(latest, actor=actor)
    return sessions([found[each] for each in latest if each in found])
