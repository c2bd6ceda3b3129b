"""Cards, bonuses and progress, made from the snapshot that an action stored or a query read."""

from collections.abc import Sequence
from datetime import datetime
from typing import Any

import strawberry

from graphql_api.context import Info
from graphql_api.described import described
from graphql_api.ids import global_id
from graphql_api.queries.connections import Connection, Page
from graphql_api.scalars import LARGEST_INT, UnitCount
from graphql_api.types import history as histories
from graphql_api.types import program as programs
from graphql_api.types.history import CardEvent
from graphql_api.types.node import Node
from loyalty.models import Product
from loyalty.queries import catalogue

described(
    "What a bonus was earned by.",
    {
        "CARD": "A card that was filled.",
        "STREAK": "Visits in a row.",
        "BIRTHDAY": "A visit around the customer's birthday.",
        "LEVEL": "A level that was reached.",
        "WIN_BACK": "A return after a long absence; not given by anything yet.",
        "WELCOME": "The first visit at the business.",
        "MANUAL": "The business gave it by hand; not given by anything yet.",
        "PARTNER": "A partner business; not given by anything yet.",
    },
)(catalogue.BonusSource)


@strawberry.type(
    description="One counter of a card: the only one, or one per tier in matched programs."
)
class Progress:
    """A counter."""

    tier: programs.Tier | None = strawberry.field(description="The tier; null for the only one.")
    open: UnitCount = strawberry.field(description="Units that count towards the next bonus.")
    threshold: UnitCount = strawberry.field(description="The units that fill the card.")
    missing: UnitCount = strawberry.field(description="The units that are still missing.")
    debt: UnitCount = strawberry.field(description="Units owed after an undo.")


@strawberry.type(description="A bonus that is a value rather than a product.")
class Voucher:
    """A voucher; exactly one of its parts is set."""

    percent: int | None = strawberry.field(description="Per cent off.")
    amount: UnitCount | None = strawberry.field(description="Minor units off.")
    text: str | None = strawberry.field(description="What it is good for, in words.")


@strawberry.type(description="Consecutive qualifying visits.")
class Streak:
    """A streak."""

    days: int = strawberry.field(description="The days in a row so far.")
    threshold: int = strawberry.field(description="A bonus comes at each multiple of this.")
    keep_until: datetime | None = strawberry.field(
        description="The moment until which the next visit keeps the streak, in UTC."
    )


@strawberry.type(description="The status that activity points have reached.")
class LevelStatus:
    """A level."""

    name: str = strawberry.field(
        description="The level's name, such as Silver; empty before the first."
    )
    next: str | None = strawberry.field(description="The next level's name; null at the top.")
    missing_points: int | None = strawberry.field(description="Points missing to the next level.")


class Shelf:
    """The products of bonuses that are shown together, read at once when one is asked for."""

    def __init__(self, bonuses: Sequence[dict[str, Any]]) -> None:
        self._numbers = {found["product"] for found in bonuses} - {None}
        self._rows: dict[int, Product] | None = None

    def product(self, number: int | None) -> Product | None:
        """One of them; None when it does not exist."""
        if number is None:
            return None
        if self._rows is None:
            self._rows = catalogue.products_by_number(self._numbers)
        return self._rows.get(number)


@strawberry.type(description="A reward that was earned and waits on a card.")
class Bonus(Node):
    """A waiting bonus."""

    source: catalogue.BonusSource = strawberry.field(description="What it was earned by.")
    title: str = strawberry.field(description="What the customer gets, in words.")
    number: strawberry.Private[int]
    product_id: strawberry.Private[int | None]
    shelf: strawberry.Private[Shelf]
    voucher: Voucher | None = strawberry.field(description="Its value, when it is not a product.")
    expires_at: datetime | None = strawberry.field(
        description="When it ends, in UTC; null when it never does."
    )

    @strawberry.field(description="The product that is given; null while it can be chosen.")
    def product(self, info: Info) -> programs.Product | None:
        """Read when asked for."""
        return info.context.read(self._product)

    @strawberry.field(description="The products that it may become, or its only one; at most 100.")
    def choices(self, info: Info) -> list[programs.Product]:
        """The one product of a simple program, or the menu of a tiered one."""
        return info.context.read(self._choices)

    def _choices(self) -> list[programs.Product]:
        if self.product_id:
            found = self._product()
            return [found] if found else []
        if self.voucher:
            return []
        return [programs.product(row) for row in catalogue.choices(self.number)]

    def _product(self) -> programs.Product | None:
        row = self.shelf.product(self.product_id)
        return programs.product(row) if row else None


@strawberry.type(description="One customer in one program.")
class Card(Node):
    """A card at one version of its state."""

    number: strawberry.Private[int]
    version: int = strawberry.field(
        description="Rises with every change of the card: drop whatever has a lower one."
    )
    program_id: strawberry.Private[int]
    url: str = strawberry.field(description="The address of the card's page.")
    progress: list[Progress] = strawberry.field(description="The counters.")
    bonuses: list[Bonus] = strawberry.field(description="The waiting bonuses, at most 100.")
    streak: Streak | None = strawberry.field(description="The streak, where the program has one.")
    points: int = strawberry.field(description="Activity points collected with this card.")
    level: LevelStatus | None = strawberry.field(
        description="The level, where the business has levels."
    )

    @strawberry.field(description="The program.")
    def program(self, info: Info) -> programs.Program:
        """Read when asked for."""
        return info.context.read(lambda: programs.program(catalogue.program(self.program_id)))

    @strawberry.field(
        description="What happened to the card and why, the newest first; for its customer and for"
        " managers."
    )
    def history(
        self,
        info: Info,
        first: int | None = None,
        after: str | None = None,
        last: int | None = None,
        before: str | None = None,
    ) -> Connection[CardEvent]:
        """Read when asked for."""
        page = Page(first, after, last, before)
        return info.context.read(lambda: histories.history(info.context, self.number, page))


def card(state: dict[str, Any], *, site_url: str) -> Card:
    """The card of a stored or freshly read state."""
    return Card(
        id=strawberry.ID(global_id("Card", state["id"])),
        number=state["id"],
        version=state["version"],
        program_id=state["program"],
        url=f"{site_url}/card/{state['id']}",
        progress=[progress_of(counter) for counter in state["progress"]],
        bonuses=bonuses(state["bonuses"]),
        streak=streak(state.get("streak")),
        points=min(state["points"], LARGEST_INT),
        level=level(state.get("level")),
    )


def bonuses(states: Sequence[dict[str, Any]]) -> list[Bonus]:
    """Bonuses that are shown together."""
    shelf = Shelf(states)
    return [_bonus(state, shelf) for state in states]


def bonus(state: dict[str, Any]) -> Bonus:
    """The bonus of a stored or freshly read state."""
    return bonuses([state])[0]


def _bonus(state: dict[str, Any], shelf: Shelf) -> Bonus:
    expires_at = state["expires_at"]
    return Bonus(
        id=strawberry.ID(global_id("Bonus", state["id"])),
        source=catalogue.BonusSource[state["source"].upper()],
        title=state["title"],
        number=state["id"],
        product_id=state["product"],
        shelf=shelf,
        voucher=_voucher(state.get("voucher")),
        expires_at=datetime.fromisoformat(expires_at) if expires_at else None,
    )


def streak(state: dict[str, Any] | None) -> Streak | None:
    """The streak of a stored or freshly read state."""
    if state is None:
        return None
    until = state["keep_until"]
    keep_until = datetime.fromisoformat(until) if until else None
    return Streak(days=state["days"], threshold=state["threshold"], keep_until=keep_until)


def level(state: dict[str, Any] | None) -> LevelStatus | None:
    """The level of a stored or freshly read state."""
    if state is None:
        return None
    return LevelStatus(name=state["name"], next=state["next"], missing_points=state["missing"])


def _voucher(state: dict[str, Any] | None) -> Voucher | None:
    if state is None:
        return None
    amount = state["amount"]
    return Voucher(
        percent=state["percent"],
        amount=None if amount is None else UnitCount(amount),
        text=state["text"],
    )


def progress_of(counter: dict[str, Any]) -> Progress:
    """The counter of a stored or freshly read state."""
    missing = max(0, counter["threshold"] + counter["debt"] - counter["open"])
    return Progress(
        tier=programs.stored_tier(counter["tier"]) if counter.get("tier") else None,
        open=UnitCount(counter["open"]),
        threshold=UnitCount(counter["threshold"]),
        missing=UnitCount(missing),
        debt=UnitCount(counter["debt"]),
    )
