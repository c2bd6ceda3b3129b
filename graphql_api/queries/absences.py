"""`absences`: who has stayed away, without saying who it is."""

from datetime import datetime

import strawberry

from graphql_api.context import Info
from graphql_api.ids import global_id
from graphql_api.queries.connections import (
    LARGEST_PAGE,
    After,
    Before,
    Connection,
    First,
    Last,
    Page,
    newest_first,
)
from loyalty.db.roundtrip import database_now
from loyalty.events import AbsentDetails
from loyalty.expiry import absences as people_away
from loyalty.models import Event


@strawberry.type(description="A customer who has stayed away too long, and did not come since.")
class Absence:
    """An absence."""

    customer_id: strawberry.ID = strawberry.field(
        description="Tells one customer from another; nobody but the customer can fetch it."
    )
    card_id: strawberry.ID | None = strawberry.field(
        description="The card that the customer used last; null when it is not known."
    )
    last_visit_at: datetime = strawberry.field(description="The moment of the last visit, in UTC.")
    absent_since: datetime = strawberry.field(
        description="When the time ran out that the business's rules allow, in UTC."
    )
    days: int = strawberry.field(description="Whole days since the last visit.")
    visits: int = strawberry.field(
        description="On how many different days the customer had come until then."
    )


def absences(
    info: Info,
    first: First = LARGEST_PAGE,
    after: After = None,
    last: Last = None,
    before: Before = None,
) -> Connection[Absence]:
    """A page of absences."""
    with info.context.asking():
        found = people_away(actor=info.context.actor)
    now = database_now()
    page = Page(first, after, last, before)
    return newest_first(
        found,
        page,
        of="absences",
        present=lambda rows: [_absence(row, now) for row in rows],
    )


def _absence(row: Event, now: datetime) -> Absence:
    told = AbsentDetails.from_stored(row.details)
    last_visit_at = told.last_visit or row.at
    return Absence(
        customer_id=strawberry.ID(global_id("Customer", row.customer_id or 0)),
        card_id=strawberry.ID(global_id("Card", row.card_id)) if row.card_id else None,
        last_visit_at=last_visit_at,
        absent_since=told.since or row.at,
        days=(now - last_visit_at).days,
        visits=told.visits,
    )
