"""All queries."""

from collections.abc import Callable
from functools import partial
from typing import Annotated, TypeAlias, TypeVar

import strawberry

from graphql_api import ids
from graphql_api.context import Info
from graphql_api.queries import nodes
from graphql_api.queries.absences import absences
from graphql_api.queries.connections import (
    LARGEST_PAGE,
    After,
    Before,
    Connection,
    First,
    Last,
    Page,
    connection,
    newest_first,
)
from graphql_api.queries.devices import device, devices
from graphql_api.queries.latest_sessions import latest_sessions
from graphql_api.queries.leaderboard import leaderboard
from graphql_api.queries.levels import levels
from graphql_api.types import people, place
from graphql_api.types import program as programs
from graphql_api.types.anomaly import Anomaly, AnomalyStatus, anomalies
from graphql_api.types.business import Business, business
from graphql_api.types.card import Card
from graphql_api.types.debts import debts
from graphql_api.types.node import Node
from graphql_api.types.place import Location
from graphql_api.types.program import Preset, Program
from graphql_api.types.redemption import Redemption
from graphql_api.types.session import EarnSession
from loyalty.base.access import Permission
from loyalty.base.errors import NotFound
from loyalty.findings import review_list
from loyalty.programs import catalogue

T = TypeVar("T")
Id: TypeAlias = Annotated[
    strawberry.ID, strawberry.argument(description="The opaque id, as an answer gave it.")
]
SessionId: TypeAlias = Annotated[
    strawberry.ID, strawberry.argument(description="The session's id, as an answer gave it.")
]
OfStatus: TypeAlias = Annotated[
    AnomalyStatus | None,
    strawberry.argument(description="Only findings with this status; left out, all."),
]
AtLocation: TypeAlias = Annotated[
    strawberry.ID | None,
    strawberry.argument(
        description="Only buttons of this location, and those that are everywhere; left out, all."
    ),
]


def _visible(info: Info, look: Callable[[], T]) -> T | None:
    """What `look` finds, null for what is not this caller's; a bad token is told, not ignored."""
    info.context.require_good_token()
    try:
        return look()
    except NotFound:
        return None


def _program(number: int) -> Program:
    return programs.program(catalogue.program(number))


@strawberry.type(description="What callers may read.")
class Query:
    """The root of all reads."""

    @strawberry.field(description="Whoever the request is signed in as.")
    def me(self, info: Info) -> people.Viewer:
        """The caller."""
        context = info.context
        return people.viewer(
            context.actor, language=context.language, site_url=context.business.site_url
        )

    @strawberry.field(description="The business whose host was asked, for everybody.")
    def business(self, info: Info) -> Business:
        """What a front end shows of it."""
        info.context.require_good_token()
        return business(info.context)

    @strawberry.field(description="A thing by its id; null when it is not this caller's to see.")
    def node(self, info: Info, id: Id) -> Node | None:  # noqa: A002  the API's word
        """Anything."""
        return _visible(info, lambda: nodes.node(info.context, id))

    @strawberry.field(description="A program by its id; null when there is none.")
    def program(self, info: Info, id: Id) -> Program | None:  # noqa: A002  the API's word
        """A program."""
        return _visible(
            info, lambda: programs.program(catalogue.program(ids.number(id, "Program")))
        )

    @strawberry.field(
        description="A card by its id, for its customer and for managers; null for others."
    )
    def card(self, info: Info, id: Id) -> Card | None:  # noqa: A002  the API's word
        """A card."""
        return _visible(info, lambda: nodes.card(info.context, ids.number(id, "Card")))

    @strawberry.field(
        description="A session by its id, for its maker and for managers; null for others."
    )
    def session(self, info: Info, id: Id) -> EarnSession | None:  # noqa: A002  the API's word
        """A session."""
        return _visible(info, lambda: nodes.session(info.context, ids.number(id, "EarnSession")))

    @strawberry.field(
        description="What became of a session and why, line by line; for managers, null when there"
        " is no such session."
    )
    def explain(self, info: Info, session_id: Id) -> list[str] | None:
        """The story of a session."""
        info.context.staff(Permission.READ_ANY_SESSION)
        return _visible(info, lambda: nodes.explanation(info.context, session_id))

    @strawberry.field(
        description="A redemption by its id, for its customer and for managers; null for others."
    )
    def redemption(self, info: Info, id: Id) -> Redemption | None:  # noqa: A002  the API's word
        """A redemption."""
        return _visible(info, lambda: nodes.redemption(info.context, ids.number(id, "Redemption")))

    @strawberry.field(description="The business's programs, the oldest first, archived ones too.")
    def programs(
        self,
        info: Info,
        first: First = LARGEST_PAGE,
        after: After = None,
        last: Last = None,
        before: Before = None,
    ) -> Connection[Program]:
        """A page of programs."""
        info.context.require_good_token()
        page = Page(first, after, last, before)
        return connection(catalogue.programs(), page, of="programs", present=programs.programs)

    @strawberry.field(
        description="The business's locations, the oldest first, without archived ones."
    )
    def locations(
        self,
        info: Info,
        first: First = LARGEST_PAGE,
        after: After = None,
        last: Last = None,
        before: Before = None,
    ) -> Connection[Location]:
        """A page of locations."""
        info.context.require_good_token()
        page = Page(first, after, last, before)
        return connection(catalogue.locations(), page, of="locations", present=place.locations)

    @strawberry.field(
        description="The review list, what was found last first, of one status or of all; for"
        " managers."
    )
    def anomalies(  # noqa: PLR0913, PLR0917  Relay's four arguments and ours
        self,
        info: Info,
        status: OfStatus = None,
        first: First = LARGEST_PAGE,
        after: After = None,
        last: Last = None,
        before: Before = None,
    ) -> Connection[Anomaly]:
        """A page of findings."""
        actor = info.context.actor
        with info.context.asking():
            found = review_list(status.value if status else None, actor=actor)
        page = Page(first, after, last, before)
        present = partial(anomalies, actor=actor)
        return newest_first(found, page, of="anomalies", present=present)

    @strawberry.field(description="The panel's presets, of one location or of all; for staff.")
    def presets(  # noqa: PLR0913, PLR0917  Relay's four arguments and ours
        self,
        info: Info,
        location_id: AtLocation = None,
        first: First = LARGEST_PAGE,
        after: After = None,
        last: Last = None,
        before: Before = None,
    ) -> Connection[Preset]:
        """A page of presets."""
        actor = info.context.actor
        with info.context.asking():
            found = catalogue.presets(actor=actor)
        page = Page(first, after, last, before)
        try:
            found = catalogue.presets(ids.optional(location_id, "Location"), actor=actor)
        except NotFound:
            found = found.none()
        return connection(found, page, of="presets", present=programs.presets)

    device = strawberry.field(
        device,
        description="The counter device whose token the request carries, and who may switch it on.",
    )
    devices = strawberry.field(
        devices, description="The business's counter devices, the oldest first; for managers."
    )
    debts = strawberry.field(
        debts,
        description="What cards owe for bonuses that were given and then lost their sales; for"
        " managers.",
    )
    absences = strawberry.field(
        absences,
        description="Customers who have stayed away too long and did not come since, the absence"
        " told last first; for managers.",
    )
    leaderboard = strawberry.field(
        leaderboard,
        description="The customers with the most points in a period, by the nicknames that they"
        " chose; null where the business has no leaderboard. For customers and staff.",
    )
    latest_sessions = strawberry.field(
        latest_sessions,
        description="The sessions that a staff member made last, the newest first: for staff their"
        " own, for managers anybody's. Without the secrets of a live one, which `session` shows to"
        " its maker.",
    )
    levels = strawberry.field(
        levels,
        description="The business's levels and how points count towards them; for customers and"
        " staff.",
    )
