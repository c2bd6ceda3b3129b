"""What happened to a card, with the decision behind each line in words."""

from datetime import datetime
from enum import StrEnum

import strawberry
from django.utils import translation

from graphql_api.context import Context
from graphql_api.denied import not_allowed
from graphql_api.described import described
from graphql_api.errors import unauthenticated
from graphql_api.explain import card_text
from graphql_api.ids import global_id
from graphql_api.queries.by_time import latest_first
from graphql_api.queries.connections import Connection, Page
from graphql_api.scalars import UnitCount
from graphql_api.types.product import Tier, stored_tier
from loyalty import access
from loyalty.access import Deed
from loyalty.models import Event
from loyalty.queries import explain
from loyalty.queries.explain import CardLine
from loyalty.queries.line_moves import TierMove
from loyalty.trip import database_now
from loyalty.values import Anonymous, CustomerActor


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


def history(context: Context, number: int, page: Page) -> Connection[CardEvent]:
    """A page of a card's history, for its customer and for managers; raises FORBIDDEN."""
    events, customer_id = explain.history_of(number)
    actor = context.actor
    own = isinstance(actor, CustomerActor) and actor.id == customer_id
    if not own and not access.may(actor, Deed.READ_ANY_CARD):
        if isinstance(actor, Anonymous):
            raise unauthenticated()
        raise not_allowed(actor, Deed.READ_ANY_CARD, language=context.language)
    # On a socket nobody else has chosen the language.
    with translation.override(context.language):
        return latest_first(events, page, of=f"history:{number}", present=_present)


def card_event(line: CardLine, *, now: datetime) -> CardEvent:
    """The line as customers read it at this moment."""
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
    return [card_event(line, now=now) for line in explain.card_lines(events)]


def _tier_change(move: TierMove) -> TierChange:
    return TierChange(
        tier=stored_tier({"id": move.id, "name": move.name, "rank": move.rank}),
        units=UnitCount(move.units),
        units_after=UnitCount(move.after),
    )


def _session(number: int | None) -> strawberry.ID | None:
    return None if number is None else strawberry.ID(global_id("EarnSession", number))
