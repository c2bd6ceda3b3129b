"""Earn sessions and what came of them."""

from collections.abc import Sequence
from datetime import datetime
from enum import StrEnum

import strawberry

from graphql_api.context import Info
from graphql_api.described import described
from graphql_api.ids import global_id
from graphql_api.scalars import LARGEST_INT, UnitCount
from graphql_api.stories import Stories
from graphql_api.types.bonus import Bonus, bonuses
from graphql_api.types.card import Card, cards
from graphql_api.types.node import Node
from graphql_api.types.place import Location
from graphql_api.types.preview import EarnPreview, TierUnits, preview
from graphql_api.types.product import shown_tier
from graphql_api.types.program import Preset, Program
from graphql_api.types.session_shelf import SessionShelf
from graphql_api.types.standing import LevelStatus, NextLevel, Streak
from loyalty.base import access
from loyalty.base.access import Permission
from loyalty.cards import CollectOutcome
from loyalty.sessions import LiveSession, SaleOrigin, qr_svg


@described(
    "Where an earn session stands.",
    {
        "OPEN": "Its code is live and can be scanned.",
        "PENDING": "It was scanned and is taken for an e-mail address, whose owner has to confirm.",
        "COLLECTED": "Its units lie on a card.",
        "EXPIRED": "Nobody scanned it in time: nothing was given.",
        "VOIDED": "Staff took it back.",
    },
)
class SessionStatusCode(StrEnum):
    """The states of a session."""

    OPEN = "open"
    PENDING = "pending"
    COLLECTED = "collected"
    EXPIRED = "expired"
    VOIDED = "voided"


@strawberry.type(description="The live QR session of one sale.")
class EarnSession(Node):
    """A session; its secrets are null once it is over."""

    number: strawberry.Private[int]
    stories: strawberry.Private[Stories]
    shelf: strawberry.Private[SessionShelf]
    place: strawberry.Private[SaleOrigin]
    token: str | None = strawberry.field(
        description="The one-time token for its maker; null once it is over, and for anybody else."
    )
    url: str | None = strawberry.field(
        description="The address that the QR code says, for its maker; null once it is over, and "
        "for anybody else."
    )
    expires_at: datetime = strawberry.field(
        description="The first moment at which the code can no longer be scanned, in UTC."
    )
    seconds_left: int = strawberry.field(
        description="The whole seconds until then, by the server's clock; 0 when it is over."
    )
    status: SessionStatusCode = strawberry.field(
        description="Where the session stands now, its expiry included."
    )
    preview: EarnPreview = strawberry.field(
        description="What the sale earns by itself, whoever collects it."
    )
    created_at: datetime = strawberry.field(description="When it was made, in UTC.")
    collected_at: datetime | None = strawberry.field(
        description="When it was collected, in UTC; null until then. It stays once taken back."
    )

    @strawberry.field(description="The program whose units it gives, by the rules in force.")
    def program(self, info: Info) -> Program:
        """Read when asked for, with those of the whole page."""
        return info.context.read(lambda: self.shelf.programs.get(self.place.program_id))

    @strawberry.field(description="The location where the sale happened.")
    def location(self, info: Info) -> Location:
        """Read when asked for, with those of the whole page."""
        return info.context.read(lambda: self.shelf.locations[self.place.location_id])

    @strawberry.field(description="The button that was tapped; null when none was.")
    def preset(self, info: Info) -> Preset | None:
        """Read when asked for, with those of the whole page."""
        return info.context.read(lambda: self.shelf.presets.get(self.place.preset_id or 0))

    @strawberry.field(
        description="The QR code of `url` as an SVG document; null whenever `url` is."
    )
    def qr_svg(self) -> str | None:
        """Drawn when asked for."""
        return qr_svg(self.url) if self.url else None

    @strawberry.field(
        description="In which role it was made, under which numbers, what became of it and why,"
        " line by line in the caller's language; null for anybody but managers."
    )
    def explanation(self, info: Info) -> list[str] | None:
        """Read when asked for."""
        if not access.may(info.context.actor, Permission.READ_ANY_SESSION):
            return None
        return self.stories.told(info.context, self.number)


@strawberry.type(description="What the customer got; the same however often it is asked.")
class Collected:
    """The result of a confirmed session."""

    session_id: strawberry.ID = strawberry.field(description="The session that this is about.")
    card: Card = strawberry.field(description="The card as it was right after this collect.")
    units_added: UnitCount = strawberry.field(
        description="The units that were added, all counters together."
    )
    per_tier: list[TierUnits] = strawberry.field(
        description="The units by tier in programs that count by tier; empty in all others."
    )
    bonuses_earned: list[Bonus] = strawberry.field(
        description="The bonuses that this raised, on the card of this program."
    )
    streak: Streak | None = strawberry.field(
        description="The streak right after; null where the program has none."
    )
    points: int = strawberry.field(
        description="The activity points that were added, the level's percentage included."
    )
    level: LevelStatus | None = strawberry.field(
        description="The level right after; null before the first, and where the business has none."
    )
    next_level: NextLevel | None = strawberry.field(
        description="The level that comes next; null for whoever has the highest, and where the "
        "business has none."
    )
    at: datetime = strawberry.field(description="When it was scanned, in UTC.")


@strawberry.type(
    description="The units wait until the address is confirmed by the link or code in the mail."
)
class CollectQueued:
    """The result for somebody who is not signed in."""

    email_shown: str = strawberry.field(
        description="The address as it was typed, for the customer to check."
    )
    units: UnitCount = strawberry.field(description="The units that wait for the confirmation.")
    expires_at: datetime = strawberry.field(
        description="The first moment at which they are lost, in UTC."
    )
    claim: str = strawberry.field(
        description="A secret by which this client, and no other, can correct the address and sign "
        "in with the mail's code: keep it."
    )


def session(live: LiveSession) -> EarnSession:
    """The session as its maker sees it."""
    return sessions([live])[0]


def sessions(lives: Sequence[LiveSession]) -> list[EarnSession]:
    """Sessions that are shown together."""
    stories, shelf = Stories([live.id for live in lives]), SessionShelf(lives)
    return [_session(live, stories, shelf) for live in lives]


def _session(live: LiveSession, stories: Stories, shelf: SessionShelf) -> EarnSession:
    return EarnSession(
        number=live.id,
        stories=stories,
        shelf=shelf,
        place=live.place,
        id=strawberry.ID(global_id("EarnSession", live.id)),
        token=live.token,
        url=live.url,
        expires_at=live.expires_at,
        seconds_left=live.seconds_left,
        status=SessionStatusCode(live.shown_status),
        preview=preview(live.preview(), shelf.tiers),
        created_at=live.place.created_at,
        collected_at=live.place.collected_at,
    )


def collected(outcome: CollectOutcome, *, site_url: str) -> Collected:
    """What a collect gave."""
    return all_collected([outcome], site_url=site_url)[0]


def all_collected(outcomes: Sequence[CollectOutcome], *, site_url: str) -> list[Collected]:
    """What collects that are shown together gave."""
    earned = [bonus for outcome in outcomes for bonus in outcome.bonuses]
    views = [outcome.card for outcome in outcomes]
    shown = cards(views, site_url=site_url, beside=earned)
    return [_collected(each, card) for each, card in zip(outcomes, shown, strict=True)]


def _collected(outcome: CollectOutcome, card: Card) -> Collected:
    return Collected(
        session_id=strawberry.ID(global_id("EarnSession", outcome.session_id)),
        card=card,
        units_added=UnitCount(outcome.units),
        per_tier=[
            TierUnits(tier=shown_tier(each.tier), units=UnitCount(each.units))
            for each in outcome.per_tier
        ],
        bonuses_earned=bonuses(outcome.bonuses, shelf=card.shelf),
        streak=card.streak,
        points=min(outcome.points, LARGEST_INT),
        level=card.level,
        next_level=card.next_level,
        at=outcome.at,
    )
