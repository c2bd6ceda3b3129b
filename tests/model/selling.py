"""Rules of the machine: sales."""

from dataclasses import replace
from datetime import timedelta
from typing import Any

from hypothesis import strategies as st
from hypothesis.stateful import rule

from loyalty.base.errors import BelowMinimum, DailyCap, NothingToEarn
from loyalty.base.values import BonusModel
from loyalty.cards.view import CollectOutcome
from tests.model import draws
from tests.model.history import Sold, Voided
from tests.model.machine import Machine, Slip
from tests.model.naive_days import local
from tests.model.shop import ZONES, Campaign

sales = st.fixed_dictionaries(
    {
        "program": st.integers(0, 1),
        "where": st.integers(0, 1),
        "amount": draws.amounts,
        "pieces": st.tuples(draws.pieces, st.integers(0, 4)),
    }
)


class Selling(Machine):
    """What happens at the counter when something is sold."""

    @rule(
        customer=st.integers(0, 1),
        visits=st.lists(st.tuples(sales, draws.pauses), min_size=1, max_size=5),
    )
    def sell(self, customer: int, visits: list[tuple[dict[str, Any], timedelta]]) -> None:
        """Sales that are scanned at once; time goes by before all but the first of them."""
        for number, (sale, how_long) in enumerate(visits):
            if number:
                self.agrees()
            if number and not self.is_frozen:
                self.set_clock(self.now + how_long)
            if slip := self.minted(sale):
                self.collected(slip, self.shop.customers[customer].id)

    @rule(customer=st.integers(0, 1), sale=sales)
    def sell_one(self, customer: int, sale: dict[str, Any]) -> None:
        """What happens most."""
        if slip := self.minted(sale):
            self.collected(slip, self.shop.customers[customer].id)

    @rule(sale=sales)
    def mint(self, sale: dict[str, Any]) -> None:
        """A code on the screen that nobody scanned yet."""
        self.minted(sale)

    def minted(self, sale: dict[str, Any]) -> Slip | None:
        """A live code, None when the sale is worth nothing."""
        campaign = self.campaigns[sale["program"] % len(self.campaigns)]
        rules, wanted = campaign.edition.mechanic, _sale(campaign, sale)
        amount = wanted.get("amount", 0)

        def mint() -> Any:
            return self.shop.mint(campaign, sale["where"], **wanted)

        if rules.minimum and amount < rules.minimum:
            self.refused(BelowMinimum, mint)
            return None
        if rules.step and amount < rules.step:
            self.refused(NothingToEarn, mint)
            return None
        # Nobody is served twice in a millisecond.
        self.tick()
        live = mint()
        sold = Sold(
            live.id,
            0,
            campaign.id,
            ZONES[sale["where"]],
            self.now,
            self.now,
            campaign.edition,
            amount,
            wanted.get("lines", ()),
        )
        slip = Slip(live.id, live.token, sold, self.now + timedelta(seconds=90))
        self.slips.append(slip)
        return slip

    def collected(self, slip: Slip, customer: int) -> None:
        """The phone confirms."""
        if self.is_capped(slip, customer):
            self.refused(DailyCap, lambda: self.shop.collect(slip.token, customer))
            return
        outcome = self.shop.collect(slip.token, customer)
        self.book(slip, customer, outcome)
        # Reading a page takes longer than all the rest: every third is read.
        if len(self.history) % 3 == 0:
            self.is_one_answer(outcome.card)

    def is_capped(self, slip: Slip, customer: int) -> bool:
        """Whether the customer had all the visits of that day, by the numbers of the code."""
        limit, zone = slip.sold.edition.switches.daily_cap, slip.sold.zone
        today = local(slip.scanned_at or self.now, zone)
        same = (
            each
            for each in self.history
            if isinstance(each, Sold)
            and (each.customer, each.program) == (customer, slip.sold.program)
            and local(each.at, zone) == today
        )
        taken_back = {each.session for each in self.history if isinstance(each, Voided)}
        return limit is not None and sum(each.session not in taken_back for each in same) >= limit

    def book(self, slip: Slip, customer: int, outcome: CollectOutcome) -> None:
        """The model learns of it."""
        at = slip.scanned_at or self.now
        self.history.append(replace(slip.sold, customer=customer, at=at))
        slip.status, slip.customer, slip.outcome = "collected", customer, outcome
        self.learn_bonuses(slip.id)


def _sale(campaign: Campaign, sale: dict[str, Any]) -> dict[str, Any]:
    if campaign.tiers:
        pairs = zip(campaign.tiers, sale["pieces"], strict=True)
        return {"lines": tuple((tier, count) for tier, count in pairs if count)}
    if campaign.edition.mechanic.bonus_model is BonusModel.STAMP_COUNT:
        return {}
    return {"amount": sale["amount"]}
