"""A life of the product, step by step, beside the naive model of it."""

import sys
from collections.abc import Callable, Iterator
from contextlib import contextmanager
from dataclasses import dataclass
from datetime import UTC, datetime, timedelta
from typing import Any

import pytest
from django.db import connection, transaction
from hypothesis import strategies as st
from hypothesis.stateful import RuleBasedStateMachine, initialize, invariant

from loyalty.base.errors import Refused
from loyalty.base.values import Mechanic
from loyalty.books.books import wrong_books
from loyalty.books.kept_points import wrong_points
from loyalty.books.rebuild import wrong_rebuilds
from loyalty.cards.reads import card_view
from loyalty.cards.view import AT_MOST, CardView, CollectOutcome
from loyalty.switches import Switches
from tests.factories.people import OWNER
from tests.model import compare, draws
from tests.model.history import BirthdaySet, BonusKey, House, Once, Published, Sold, Step
from tests.model.lines import lines_add_up
from tests.model.look import look, rows
from tests.model.naive import told
from tests.model.shop import Campaign, Shop
from tests.model.world import World


@dataclass
class Slip:
    """A session as its maker remembers it; `sold` says what it is worth to whom."""

    id: int
    token: str
    sold: Sold
    expires_at: datetime
    status: str = "open"
    email: str = ""
    customer: int | None = None
    scanned_at: datetime | None = None
    outcome: CollectOutcome | None = None


@dataclass
class Attempt:
    """A redemption as its customer remembers it."""

    id: int
    token: str
    pin: str
    owner: tuple[int, int]
    bonus: BonusKey
    tier: int | None
    once: Once
    created_at: datetime
    expires_at: datetime
    resume_until: datetime
    status: str = "open"
    was_seen: bool = False

    def is_live(self, now: datetime) -> bool:
        """True while it can be confirmed."""
        return self.status == "open" and now < self.expires_at


class Machine(RuleBasedStateMachine):
    """Makes the shop, keeps the history, and compares after every step."""

    def __init__(self) -> None:
        super().__init__()
        # Everything an example does is taken back: the next one finds a clean business.
        self.around = transaction.atomic()
        self.around.__enter__()
        self.history: list[Step] = []
        self.slips: list[Slip] = []
        self.attempts: list[Attempt] = []
        self.bonus_ids: dict[BonusKey, int] = {}
        self.now = datetime(2027, 1, 1, tzinfo=UTC)
        self.is_frozen = False
        # Once a sale was taken back or came late, like bonuses are only counted.
        self.is_vague = False

    @initialize(
        start=draws.starts,
        is_frozen=st.sampled_from([False, False, False, True]),
        programs=st.lists(st.tuples(draws.mechanics, draws.switches), min_size=1, max_size=2),
        feasts=st.lists(draws.feasts, min_size=2, max_size=2),
        house=draws.houses,
    )
    def open_shop(
        self,
        start: datetime,
        is_frozen: bool,  # noqa: FBT001  Hypothesis draws it by name
        programs: list[tuple[Mechanic, Switches]],
        feasts: list[int | None],
        house: House,
    ) -> None:
        """The programs run, the birthdays are known, the clock stands."""
        self.is_frozen = is_frozen
        self.shop = Shop()
        self.emails = {f"{name}@alpha.example": 0 for name in ("ann", "bob", "carl")}
        for email, customer in zip(self.emails, self.shop.customers, strict=False):
            self.emails[email] = customer.id
        self.set_clock(start)
        self.house = house
        self.shop.set_levels(house)
        for who, days in zip(self.shop.customers, feasts, strict=True):
            self.set_birthday(who.id, draws.feast(start, days))
        self.campaigns: list[Campaign] = []
        for rules, switches in programs:
            campaign = self.shop.open_campaign(rules, switches)
            self.campaigns.append(campaign)
            self.history.append(Published(campaign.id, campaign.edition))

    def set_clock(self, at: datetime) -> None:
        """It is this time now."""
        self.now = at
        self.shop.clock(at)

    def tick(self) -> None:
        """A moment later: between cards the log has no order within a millisecond."""
        if not self.is_frozen:
            self.set_clock(self.now + timedelta(milliseconds=1))

    def set_birthday(self, customer: int, day: tuple[int, int] | None) -> None:
        """The customer says so."""
        self.shop.set_birthday(customer, day)
        self.history.append(BirthdaySet(customer, self.now, day))

    def world(self) -> World:
        """What the model says of all that happened."""
        return told(self.history, self.house)

    @contextmanager
    def nothing_changes(self) -> Iterator[None]:
        """No row of value is another one afterwards."""
        before = rows()
        yield
        assert rows() == before

    def refused(self, why: type[Refused], deed: Callable[[], object]) -> None:
        """The deed is refused for this reason, and changes nothing."""
        with self.nothing_changes(), pytest.raises(why) as caught:
            deed()
        assert type(caught.value) is why

    def is_one_answer(self, card: CardView) -> None:
        """What a collect answers is what the card's page shows."""
        shown = card_view(card.id, actor=OWNER)
        if len(card.bonuses) >= AT_MOST:
            # Which of those of one millisecond are left out is nobody's concern.
            return
        compare.same(_in_order(card), _in_order(shown), "answer, page")

    @invariant()
    def agrees(self) -> None:
        """The database holds what the model says."""
        if not hasattr(self, "campaigns"):
            return
        seen, world = look(), self.world()
        compare.same_cards(world, seen, self.now)
        compare.same_bonuses(world, seen)

    def learn_bonuses(self, session: int) -> None:
        """Remember which row is which bonus of this sale."""
        self.is_vague = self.world().is_vague
        if self.is_vague:
            return
        found: dict[tuple[str, int | None], list[int]] = {}
        for number, _, of_session, source, tier, *_ in look().bonuses:
            if of_session == session:
                found.setdefault((source, tier), []).append(number)
        for card in self.world().cards.values():
            for each in card.bonuses:
                if each.key.session == session:
                    self.bonus_ids[each.key] = found[each.key.source, each.tier].pop(0)

    def teardown(self) -> None:
        """The books are right at the end; then all is taken back."""
        try:
            # What is already failing must not be hidden.
            if sys.exc_info()[0] is None and hasattr(self, "campaigns"):
                assert list(wrong_books()) == []
                # Where the clock stands still, the log has no order between cards.
                wrongs = [] if self.is_frozen else list(wrong_rebuilds())
                assert wrongs == [], wrongs
                assert wrong_points([each.id for each in self.shop.customers]) == {}
                compare.same_reading(self.world(), look(), self.house, self.now)
                lines_add_up(look())
                connection.check_constraints()
        finally:
            transaction.set_rollback(True)
            self.around.__exit__(None, None, None)


def _in_order(card: CardView) -> dict[str, Any]:
    # Rows of one millisecond have ids in no order.
    bonuses = tuple(sorted(card.bonuses, key=lambda bonus: bonus.id))
    return card._replace(bonuses=bonuses).stored()
