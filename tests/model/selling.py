"""Rules of the machine: sales, scans, queued scans, time, new versions."""

from dataclasses import replace
from datetime import timedelta
from typing import Any

from hypothesis import strategies as st
from hypothesis.stateful import precondition, rule

from loyalty.errors import (
    AlreadyCollected,
    BelowMinimum,
    NothingToEarn,
    QueueFull,
    SessionExpired,
    SessionVoided,
)
from loyalty.models import SignInLink
from loyalty.values import BonusModel, Surplus
from tests.model import draws
from tests.model.history import Published, Sold, Voided
from tests.model.machine import Machine, Slip
from tests.model.naive import is_better
from tests.model.shop import ZONES, Campaign

WEEK = timedelta(days=7)
QUEUE_LIMIT = 5
sales = st.fixed_dictionaries(
    {
        "program": st.integers(0, 1),
        "where": st.integers(0, 1),
        "amount": draws.amounts,
        "pieces": st.tuples(draws.pieces, st.integers(0, 4)),
    }
)


class Selling(Machine):
    """What happens at the counter and on the phone when something is sold."""

    @rule(
        customer=st.integers(0, 1),
        visits=st.lists(st.tuples(sales, draws.pauses), min_size=1, max_size=3),
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

    @precondition(lambda self: self.slips)
    @rule(pick=draws.picks, customer=st.integers(0, 1))
    def scan(self, pick: int, customer: int) -> None:
        """Somebody scans some code, maybe an old one, maybe not the first."""
        slip = self.slips[-1 - pick % len(self.slips)]
        who = self.shop.customers[customer].id

        def again() -> dict[str, Any]:
            return self.shop.collect(slip.token, who)

        if slip.status == "collected" and slip.customer == who:
            with self.nothing_changes():
                assert again() == slip.outcome
        elif slip.status == "voided":
            self.refused(SessionVoided, again)
        elif slip.status == "collected":
            self.refused(AlreadyCollected, again)
        elif slip.status == "queued" and self.emails[slip.email] != who:
            self.refused(AlreadyCollected, again)
        elif self.now >= slip.expires_at:
            self.refused(SessionExpired, again)
        else:
            self.collected(slip, who)

    @precondition(lambda self: any(slip.status == "open" for slip in self.slips))
    @rule(pick=draws.picks, email=st.sampled_from(["ann", "bob", "carl", "carl"]))
    def type_address(self, pick: int, email: str) -> None:
        """A stranger scans, and types an address."""
        fresh = [slip for slip in self.slips if slip.status == "open"]
        slip = fresh[-1 - pick % len(fresh)]
        address = f"{email}@alpha.example"

        def type_it() -> object:
            return self.shop.queue(slip.token, address)

        waiting = [each for each in self.queued(address) if self.now < each.expires_at]
        if self.now >= slip.expires_at:
            self.refused(SessionExpired, type_it)
        elif len(waiting) >= QUEUE_LIMIT:
            self.refused(QueueFull, type_it)
        else:
            type_it()
            slip.status, slip.email, slip.scanned_at = "queued", address, self.now
            slip.expires_at = self.now + WEEK

    @rule(sale=sales, email=st.sampled_from(["ann", "bob", "carl"]), how_long=draws.pauses)
    def come_back(self, sale: dict[str, Any], email: str, how_long: timedelta) -> None:
        """A stranger scans, types an address, and follows the mail later."""
        if slip := self.minted(sale):
            self.type_address(0, email)
            if not self.is_frozen and slip.status == "queued":
                self.set_clock(self.now + min(how_long, timedelta(hours=23)))
            self.sign_in(email)

    def queued(self, address: str) -> list[Slip]:
        """What waits for an address, the oldest scan first."""
        found = [slip for slip in self.slips if slip.status == "queued" and slip.email == address]
        return sorted(found, key=lambda slip: (slip.scanned_at, slip.id))

    @rule(email=st.sampled_from(["ann", "bob", "carl", "carl"]))
    def sign_in(self, email: str) -> None:
        """The link in the mail is followed: what waited is granted, in the order of the scans."""
        address = f"{email}@alpha.example"
        links = SignInLink.objects.filter(email=address, used_at=None, is_void=False)
        if not links.filter(link_expires_at__gt=self.now).exists():
            return
        found = self.shop.sign_in(address)
        self.emails[address] = found.customer_id
        waiting = [slip for slip in self.queued(address) if self.now < slip.expires_at]
        assert [each["session"] for each in found.granted] == [slip.id for slip in waiting]
        for slip, outcome in zip(waiting, found.granted, strict=True):
            self.book(slip, found.customer_id, outcome)

    @precondition(lambda self: not self.is_frozen)
    @rule(how_long=draws.waits)
    def wait(self, how_long: timedelta) -> None:
        """Time goes by."""
        self.set_clock(self.now + how_long)

    @precondition(lambda self: not any(isinstance(step, Voided) for step in self.history))
    @rule(
        program=st.integers(0, 1),
        threshold=st.integers(-1, 1),
        step=st.sampled_from([-100, 0, 0, 250]),
        points=st.integers(-1, 1),
    )
    def publish(self, program: int, threshold: int, step: int, points: int) -> None:
        """The owner changes the numbers."""
        index = program % len(self.campaigns)
        campaign = self.campaigns[index]
        old = campaign.edition
        rules, switches = old.mechanic, old.switches
        numbers = {
            "threshold": max(1, rules.threshold + threshold * (500 if _is_money(campaign) else 1)),
            "step": rules.step and max(100, rules.step + step),
            "minimum": rules.minimum and max(100, rules.minimum + step),
        }
        new = replace(
            old,
            number=old.number + 1,
            mechanic=replace(rules, **numbers),
            switches=replace(switches, points=max(0, switches.points + points)),
        )
        cards = [card for (_, of), card in self.world().cards.items() if of == campaign.id]
        at_once = sum(is_better(new, card.edition) for card in cards)
        said, done = self.shop.publish(campaign, new)
        assert said == done == (at_once, len(cards) - at_once), (said, done)
        self.campaigns[index] = replace(campaign, edition=new)
        self.history.append(Published(campaign.id, new))

    @precondition(lambda self: not self.is_frozen and not self.has_new_numbers())
    @rule(pick=draws.picks)
    def void(self, pick: int) -> None:
        """A manager takes a sale back: as if it had never been."""
        done = [slip for slip in self.slips if slip.status == "collected"]
        if not done:
            return
        slip = done[-1 - pick % len(done)]
        if self.is_open_question(slip):
            return
        voided = self.shop.void(slip.id)
        slip.status = "voided"
        self.history.append(Voided(slip.id))
        self.is_vague = True
        with self.nothing_changes():
            assert self.shop.void(slip.id) == voided

    def has_new_numbers(self) -> bool:
        """Whether an owner changed anything: what an undo does to promises is a rule of its own."""
        return sum(isinstance(step, Published) for step in self.history) > len(self.campaigns)

    def is_open_question(self, slip: Slip) -> bool:
        """Whether a debt could meet units that expire or are forfeited: any answer is right."""
        assert slip.customer
        owner = (slip.customer, slip.sold.program)
        rules = slip.sold.edition
        if rules.mechanic.surplus is Surplus.CARRY and not rules.switches.units_expire_after:
            return False
        used = self.world().used
        return any(of == owner and count > 0 for (of, _, _), count in used.items())

    @precondition(lambda self: any(slip.status in {"open", "queued"} for slip in self.slips))
    @rule(pick=draws.picks)
    def void_unused(self, pick: int) -> None:
        """A code that nobody used, or that waits for an address, is taken back: it dies."""
        fresh = [slip for slip in self.slips if slip.status in {"open", "queued"}]
        slip = fresh[-1 - pick % len(fresh)]
        voided = self.shop.void(slip.id)
        assert voided.card_id is None
        slip.status = "voided"
        with self.nothing_changes():
            assert self.shop.void(slip.id) == voided

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
        if not self.is_frozen:
            # Nobody is served twice in a millisecond: ids of one have no order.
            self.set_clock(self.now + timedelta(milliseconds=1))
        live = mint()
        sold = Sold(
            live.id,
            0,
            campaign.id,
            ZONES[sale["where"]],
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
        outcome = self.shop.collect(slip.token, customer)
        self.book(slip, customer, outcome)
        # Reading a page takes longer than all the rest: every third is read.
        if len(self.history) % 3 == 0:
            self.is_one_answer(outcome["card"])

    def book(self, slip: Slip, customer: int, outcome: dict[str, Any]) -> None:
        """The model learns of it."""
        at = slip.scanned_at or self.now
        self.history.append(replace(slip.sold, customer=customer, at=at))
        slip.status, slip.customer, slip.outcome = "collected", customer, outcome
        self.learn_bonuses(slip.id)


def _is_money(campaign: Campaign) -> bool:
    return campaign.edition.mechanic.bonus_model is BonusModel.CUMULATIVE_SPEND


def _sale(campaign: Campaign, sale: dict[str, Any]) -> dict[str, Any]:
    if campaign.tiers:
        pairs = zip(campaign.tiers, sale["pieces"], strict=True)
        return {"lines": tuple((tier, count) for tier, count in pairs if count)}
    if campaign.edition.mechanic.bonus_model is BonusModel.STAMP_COUNT:
        return {}
    return {"amount": sale["amount"]}


