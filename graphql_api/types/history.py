"""What happened to a card, with the decision behind each line in words."""

from collections.abc import Collection
from datetime import datetime
from enum import StrEnum
from functools import cached_property

import strawberry
from django.utils import translation

from graphql_api.context import Context
from graphql_api.described import described
from graphql_api.ids import global_id
from graphql_api.queries.by_time import latest_of_each
from graphql_api.queries.connections import Connection, Page
from graphql_api.scalars import UnitCount
from graphql_api.types.product import Tier, shown_tier
from loyalty.cards import TierView, began_at
from loyalty.db import deadline
from loyalty.db.roundtrip import database_now
from loyalty.explaining import CardLine, CardOwners, TierMove, card_lines, shown_events
from loyalty.models import Event
from loyalty.wording import card_text


@described(
    "What a line of a card's history is about.",
    {
        "COLLECTED": "A sale was credited to the card.",
        "VOIDED": "The business took a credited sale back, with everything that came of it.",
        "RECOUNTED": "A sale on another card of the customer was taken back, or a bonus of it put"
        " back: that changed points or bonuses of this one.",
        "REDEEMED": "A bonus was given.",
        "CANCELLED": "A bonus was about to be given and was not: it waits again.",
        "REFUNDED": "A bonus that had been given was put back: it waits again, or is gone if what"
        " it was given for was taken back meanwhile.",
        "EXPIRED": "The time of open units or of waiting bonuses was over.",
        "REFUSED": "A credit was not given; the text says why.",
        "GIVEN": "The business looked at something and added what it came to, such as a level.",
    },
)
class CardEventKind(StrEnum):
    """The kinds of lines."""

    COLLECTED = "collected"
    VOIDED = "voided"
    RECOUNTED = "recounted"
    REDEEMED = "confirmed"
    CANCELLED = "cancelled"
    REFUNDED = "refunded"
    EXPIRED = "expired"
    REFUSED = "refused"
    GIVEN = "reviewed"


@strawberry.type(description="What a line of a card's history did to one tier's counter.")
class TierChange:
    """One tier of a line."""

    tier: Tier = strawberry.field(description="The tier whose counter moved.")
    units: UnitCount = strawberry.field(
        description="The units of this tier that the line added, negative when it took some away."
    )
    units_after: UnitCount = strawberry.field(
        description="The tier's open units afterwards, less what it owed."
    )


@strawberry.type(description="One line of a card's history, or a credit that was not given.")
class CardEvent:
    """A line."""

    kind: CardEventKind = strawberry.field(description="What kind of thing happened.")
    at: datetime = strawberry.field(description="When it happened, in UTC.")
    units: UnitCount = strawberry.field(
        description="The units that this added, negative when it took some away."
    )
    units_after: UnitCount | None = strawberry.field(
        description="The open units afterwards of the counter that moved, less what it owed; null"
        " where nothing was counted, and where several tiers were: `perTier` says theirs."
    )
    units_change: UnitCount = strawberry.field(
        description="By how much this changed the card's open units less what it owes, full cards,"
        " what expired and debts included: over all lines it adds up to what the card shows."
    )
    per_tier: list[TierChange] = strawberry.field(
        description="What it did to each tier, the lowest first, in programs that count by tier;"
        " empty in others."
    )
    points: int = strawberry.field(
        description="The activity points that this added, negative when it took some away, those of"
        " other sales included: over all lines they add up to the card's."
    )
    is_imported: bool = strawberry.field(
        description="True when the sale was brought over from another system: `at` is when it was"
        " made there."
    )
    text: str = strawberry.field(
        description="What happened and why, in sentences, in the caller's language."
    )
    session_id: strawberry.ID | None = strawberry.field(
        description="The session that it was about; null where it was none."
    )


class Histories:
    """The histories of cards that are shown together: each page is read for all of them at once."""

    def __init__(self, cards: Collection[int]) -> None:
        self._cards = frozenset(cards)
        self._owners = CardOwners(self._cards)
        self._pages: dict[tuple[Page, Collection[int]], dict[int, Connection[CardEvent]]] = {}

    def of(self, number: int, page: Page, context: Context) -> Connection[CardEvent]:
        """A page of a card's, for its customer and for managers; raises FORBIDDEN, NotFound."""
        with context.asking():
            self._owners.require(number, actor=context.actor)
        # On a socket nobody else has chosen the language.
        with translation.override(context.language):
            return self._page(page, number)[number]

    def _page(self, page: Page, number: int) -> dict[int, Connection[CardEvent]]:
        # A cursor is one of a single card's.
        is_first = page.after is None and page.before is None
        cards = self._cards if is_first else frozenset({number})
        if (page, cards) not in self._pages:
            events = shown_events(cards)
            found = latest_of_each(events, page, of="history", cards=cards, present=_present)
            self._pages[page, cards] = found
        return self._pages[page, cards]

    def began_at(self, number: int) -> datetime:
        """When one of the cards began."""
        return self._beginnings[number]

    @cached_property
    def _beginnings(self) -> dict[int, datetime]:
        return began_at(self._cards)


def card_event(line: CardLine, *, now: datetime) -> CardEvent:
    """The line as customers read it at this moment."""
    # A page of many cards is made of thousands, and no statement lies between them.
    deadline.check()
    after = line.moved.after
    return CardEvent(
        kind=CardEventKind(line.kind),
        at=line.at,
        units=UnitCount(line.units),
        units_after=None if after is None else UnitCount(after),
        units_change=UnitCount(line.moved.change),
        per_tier=[_tier_change(each) for each in line.moved.per_tier],
        points=line.points,
        is_imported=line.is_imported,
        text=card_text(line, now=now),
        session_id=_session(line.session_id),
    )


def _present(events: list[Event]) -> list[CardEvent]:
    now = database_now()
    return [card_event(line, now=now) for line in card_lines(events)]


def _tier_change(move: TierMove) -> TierChange:
    return TierChange(
        tier=shown_tier(TierView(move.id, move.name, move.rank)),
        units=UnitCount(move.units),
        units_after=UnitCount(move.after),
    )


def _session(number: int | None) -> strawberry.ID | None:
    return None if number is None else strawberry.ID(global_id("EarnSession", number))
