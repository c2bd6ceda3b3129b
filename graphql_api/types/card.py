"""Cards and progress, made from the snapshot that an action stored or a query read."""

from collections.abc import Sequence
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
)
from graphql_api.scalars import LARGEST_INT, UnitCount
from graphql_api.types.bonus import Bonus, bonuses
from graphql_api.types.history import CardEvent, Histories
from graphql_api.types.node import Node
from graphql_api.types.product import Tier, shown_tier
from graphql_api.types.program import Program
from graphql_api.types.program_shelf import Programs
from graphql_api.types.shelf import Shelf
from graphql_api.types.standing import LevelStatus, NextLevel, Streak, level, next_level, streak
from loyalty.cards import BonusView, CardView, ProgressView


@strawberry.type(
    description="One counter of a card: the only one, or one per tier in matched programs."
)
class Progress:
    """A counter."""

    tier: Tier | None = strawberry.field(
        description="The tier that this counter counts; null for the only counter of a card."
    )
    open: UnitCount = strawberry.field(
        description="The units that count towards the next bonus: stamps, or minor units where "
        "money is counted."
    )
    threshold: UnitCount = strawberry.field(
        description="The units that fill the card, by the rules that this card keeps."
    )
    missing: UnitCount = strawberry.field(
        description="The units that are still missing to the next bonus, those of a debt included."
    )
    is_full: bool = strawberry.field(
        description="True when the units are there already, because the business asks for fewer"
        " now: the bonus comes with the next visit."
    )
    debt: UnitCount = strawberry.field(
        description="The units that are owed because a sale was taken back after its bonus was "
        "used; 0 when none. The next units pay them."
    )


@strawberry.type(description="One customer's card in one program, as it stood at one version.")
class Card(Node):
    """A card at one version of its state."""

    number: strawberry.Private[int]
    version: int = strawberry.field(
        description="Rises with every change of the card: drop whatever has a lower one."
    )
    program_id: strawberry.Private[int]
    programs: strawberry.Private[Programs]
    began_at: strawberry.Private[datetime | None]
    shelf: strawberry.Private[Shelf]
    histories: strawberry.Private[Histories]
    url: str = strawberry.field(
        description="The full address of the card's page on the business's host, which never "
        "changes."
    )
    progress: list[Progress] = strawberry.field(
        description="Its counters: a single one, or one for each tier in programs that count by "
        "tier."
    )
    bonuses: list[Bonus] = strawberry.field(
        description="The bonuses that wait on it and can be used now, the oldest first, at most "
        "100."
    )
    streak: Streak | None = strawberry.field(
        description="The visits in a row; null where the program has no streak."
    )
    points: int = strawberry.field(
        description="All activity points that were ever collected with this card, less what was "
        "taken back."
    )
    level: LevelStatus | None = strawberry.field(
        description="The customer's level at the business; null before the first, and where the "
        "business has no levels."
    )
    next_level: NextLevel | None = strawberry.field(
        description="The level that the customer reaches next; null for whoever has the highest, "
        "and where the business has no levels."
    )

    last_visit_at: datetime | None = strawberry.field(
        description="The moment of the last visit that counts, in UTC; null when all were taken "
        "back."
    )

    @strawberry.field(description="When the card began, with its first visit, in UTC.")
    def created_at(self, info: Info) -> datetime:
        """Known where the card was read; read where an answer was stored."""
        began_at = self.began_at
        return began_at or info.context.read(lambda: self.histories.began_at(self.number))

    @strawberry.field(description="The program that the card belongs to, by the rules in force.")
    def program(self, info: Info) -> Program:
        """Read when asked for."""
        return info.context.read(lambda: self.programs.get(self.program_id))

    @strawberry.field(
        description="What happened to the card and why, what happened last first; for its customer"
        " and for managers."
    )
    def history(
        self,
        info: Info,
        first: First = LARGEST_PAGE,
        after: After = None,
        last: Last = None,
        before: Before = None,
    ) -> Connection[CardEvent]:
        """Read when asked for."""
        page = Page(first, after, last, before)
        return info.context.read(lambda: self.histories.of(self.number, page, info.context))


def card(view: CardView, *, site_url: str) -> Card:
    """A card that is shown alone."""
    return cards([view], site_url=site_url)[0]


def cards(
    views: Sequence[CardView], *, site_url: str, beside: Sequence[BonusView] = ()
) -> list[Card]:
    """Cards that are shown together; `beside` are bonuses that are shown with them."""
    around = _Around(views, beside)
    return [_card(view, around, site_url=site_url) for view in views]


class _Around:
    """What cards that are shown together name, each kind of thing read at once."""

    def __init__(self, views: Sequence[CardView], beside: Sequence[BonusView]) -> None:
        waiting = [bonus for view in views for bonus in view.bonuses]
        self.programs = Programs({view.program_id for view in views})
        self.shelf = Shelf([*waiting, *beside], [view.progress for view in views])
        self.histories = Histories({view.id for view in views})


def _card(view: CardView, around: _Around, *, site_url: str) -> Card:
    return Card(
        id=strawberry.ID(global_id("Card", view.id)),
        number=view.id,
        version=view.version,
        program_id=view.program_id,
        programs=around.programs,
        shelf=around.shelf,
        histories=around.histories,
        began_at=view.created_at,
        last_visit_at=view.last_visit_at,
        url=f"{site_url}/card/{view.id}",
        progress=[progress_of(counter) for counter in view.progress],
        bonuses=bonuses(view.bonuses, shelf=around.shelf),
        streak=streak(view.streak),
        points=min(view.points, LARGEST_INT),
        level=level(view.level),
        next_level=next_level(view.level),
    )


def progress_of(counter: ProgressView) -> Progress:
    """One of a card's counters."""
    return Progress(
        tier=shown_tier(counter.tier) if counter.tier else None,
        open=UnitCount(counter.open),
        threshold=UnitCount(counter.threshold),
        missing=UnitCount(counter.missing),
        is_full=counter.missing == 0,
        debt=UnitCount(counter.debt),
    )
