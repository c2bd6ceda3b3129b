"""What the rows of one credit say, however they are written."""

from dataclasses import dataclass
from datetime import datetime
from typing import Any

from psycopg.types.json import Jsonb

from loyalty.base.states import BonusStatus, EntryKind
from loyalty.cards.bonus_rows import present_values
from loyalty.cards.card_rows import state_values
from loyalty.cards.facts import CardFacts, PromisedNumbers
from loyalty.cards.view import BonusView
from loyalty.counting.levels import LevelStatus
from loyalty.counting.occasions import EarnedReward
from loyalty.counting.sale import CountedSale
from loyalty.earning.facts import CollectingCustomer, SessionFacts
from loyalty.events.details import NOT_SAID
from loyalty.events.sales import CollectedDetails
from loyalty.levels.points import KeptPoints, stored_of
from loyalty.log.lines import line_values

Values = dict[str, Any]


@dataclass(frozen=True, slots=True)
class NewBonus:
    """A bonus that this visit raises."""

    id: int
    earned_reward: EarnedReward
    earned_at: datetime
    expires_at: datetime | None

    @property
    def view(self) -> BonusView:
        """As the card shows it."""
        gift = self.earned_reward.gift
        return BonusView(
            id=self.id,
            title=gift.title,
            source=self.earned_reward.source.value,
            product_id=gift.product_id,
            tier_id=self.earned_reward.tier_id,
            earned_at=self.earned_at,
            expires_at=self.expires_at,
            is_voucher=gift.is_voucher,
            percent=gift.percent,
            amount=gift.amount,
            text=gift.text,
        )


@dataclass(frozen=True, slots=True)
class SessionCredit:
    """One session meeting one card: `at` is the moment of the scan, `now` of the writing.

    `origin` is empty for a scan, and says where anything else came from.
    """

    session: SessionFacts
    card: CardFacts
    customer: CollectingCustomer | None
    counted_sale: CountedSale
    raised: list[NewBonus]
    customer_id: int
    card_id: int
    version: int
    event_id: int
    at: datetime
    now: datetime
    origin: str = ""
    # What the card keeps of the customer's points; None where there are no levels.
    kept: KeptPoints | None = None
    # The event that set the levels which the credit was counted by; None before the first one.
    levels_set_by: int | None = None

    @property
    def units(self) -> int:
        """All units that the session gives this card."""
        counters = self.counted_sale.visit_result.credits.values()
        entries = (entry for each in counters for entry in each.movements)
        return sum(entry.units for entry in entries if entry.kind == EntryKind.EARN)

    @property
    def promise_id(self) -> int:
        """The version whose numbers the card keeps: after a completion it is the newest one."""
        rules = self.card.rules
        return rules.current_id if self.counted_sale.visit_result.completed else rules.promise_id

    @property
    def created_at(self) -> datetime:
        """When the card began: with this very credit where there was none."""
        return self.card.created_at or self.now

    @property
    def last_visit_at(self) -> datetime:
        """The latest visit that counts: a late one does not set it back."""
        return self.counted_sale.visit_result.card.last_at or self.at

    @property
    def is_budgeted(self) -> bool:
        """True where a budget counts what the visit gives; never for an imported one."""
        return self.card.budget is not None

    @property
    def promised(self) -> PromisedNumbers:
        """The numbers that the card has afterwards."""
        rules = self.card.rules
        if self.counted_sale.visit_result.completed and self.card.newest:
            return self.card.newest
        return PromisedNumbers(rules.mechanic, rules.switches)

    @property
    def person(self) -> int | None:
        """Whom what is given once is given to."""
        return self.customer.person if self.customer else None


def card_values(change: SessionCredit) -> Values:
    """What the card's row says after the credit."""
    card, after = change.card, change.counted_sale.visit_result.card
    return {
        "version": change.version,
        "visits": card.visits + 1,
        "points": card.points + change.counted_sale.level_change.points,
        "promise_id": change.promise_id,
        **state_values(after),
        "last_visit_at": change.last_visit_at,
        "streaks_owed": after.streaks_owed,
        "activity": stored_of(change.kept) if change.kept else None,
    }


def standing_values(after: LevelStatus) -> Values:
    """What the customer's row says of the level that was reached."""
    return {
        "level_rung": after.level_index,
        "level_rises": Jsonb([each.isoformat() for each in after.rises]),
        "level_held_at": after.held_at,
    }


def event_values(change: SessionCredit) -> Values:
    """The line in the log."""
    session = change.session
    return line_values(
        _details(change),
        number=change.event_id,
        at=change.at,
        location_id=session.location_id,
        staff_id=session.staff_id,
        device_id=session.device_id,
        preset_id=session.preset_id,
        session_id=session.id,
        card_id=change.card_id,
        card_version=change.version,
        version_id=session.version_id,
        units=change.units,
        amount=session.amount,
        points=change.counted_sale.level_change.points,
        policy=session.policy,
        customer_id=change.customer_id,
    )


def bonus_values(change: SessionCredit, raised: NewBonus) -> Values:
    """The row of a bonus that the visit raises."""
    return {
        "id": raised.id,
        "card_id": change.card_id,
        "version_id": change.card.rules.promise_id,
        "session_id": change.session.id,
        "status": BonusStatus.WAITING.value,
        "earned_at": raised.earned_at,
        "expires_at": raised.expires_at,
        "counted_in_budget": change.is_budgeted and raised.earned_reward.is_of_program,
        **present_values(raised.earned_reward, person=change.person),
    }


def ledger_values(change: SessionCredit) -> list[Values]:
    """The entries, still without their ids."""
    movements = [
        (tier_id, movement)
        for tier_id, each in change.counted_sale.visit_result.credits.items()
        for movement in each.movements
    ]
    return [
        {
            "card_id": change.card_id,
            "card_version": change.version,
            "line": line,
            "tier_id": tier_id,
            "kind": movement.kind.value,
            "units": movement.units,
            "version_id": change.session.version_id,
            "session_id": change.session.id,
            "event_id": change.event_id,
            "occurred_at": change.at,
            "recorded_at": change.now,
            "origin": change.origin,
        }
        for line, (tier_id, movement) in enumerate(movements, start=1)
    ]


def _details(change: SessionCredit) -> CollectedDetails:
    switches, counted_sale = change.card.rules.switches, change.counted_sale
    rise = counted_sale.level_change
    return CollectedDetails(
        bonuses=tuple(raised.id for raised in change.raised),
        levels_set_by=change.levels_set_by,
        birthday=counted_sale.sale.person.near if switches.birthday else NOT_SAID,
        is_known=change.card.is_known if switches.welcome else None,
        origin=change.origin,
        # Rises of an import's visits are not held; those of before held them, and count as then.
        is_limited=not change.origin,
        rises_elsewhere=counted_sale.sale.levels.rises_elsewhere,
        times=counted_sale.sale.times,
        level=rise.reached[-1].id if rise.reached and not rise.is_held else None,
        is_level_held=rise.is_held,
        had_told=rise.is_held and rise.was_held,
    )
