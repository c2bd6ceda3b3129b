"""Rules of the machine: time, new numbers, sales that are taken back."""

from dataclasses import replace
from datetime import timedelta
from typing import Any

from hypothesis import strategies as st
from hypothesis.stateful import precondition, rule

from loyalty.base.errors import RateLimited
from loyalty.base.values import BonusModel
from loyalty.reviewing.review_anomaly import ReviewVerdict as Decision
from tests.model import draws
from tests.model.history import Edition, Published, Reviewed, Scanned, Sold, Swept, Used, Voided
from tests.model.look import look
from tests.model.machine import Machine, Slip
from tests.model.naive import is_better
from tests.model.shop import Campaign
from tests.model.world import Card


class Changing(Machine):
    """What happens to sales and programs afterwards."""

    @precondition(lambda self: not self.is_frozen)
    @rule(how_long=draws.waits)
    def wait(self, how_long: timedelta) -> None:
        """Time goes by."""
        self.set_clock(self.now + how_long)

    @precondition(lambda self: self.house.is_restless and not self.has_voided())
    @rule(
        program=st.integers(0, 1),
        threshold=st.integers(-1, 1),
        step=st.sampled_from([-100, 0, 0, 250]),
        points=st.integers(-1, 1),
        changed=draws.changes,
    )
    def publish(
        self, program: int, threshold: int, step: int, points: int, changed: dict[str, Any]
    ) -> None:
        """The owner changes the numbers, and what is switched on."""
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
            mechanic=replace(rules, **numbers),  # type: ignore[arg-type]  # each number in its own field
            switches=replace(switches, points=max(0, switches.points + points), **changed),
        )
        cards = [card for (_, of), card in self.world().cards.items() if of == campaign.id]
        kinder = [card for card in cards if is_better(new, card.edition)]
        full = sum(self.is_full(card, new) for card in kinder)
        said, done = self.shop.publish(campaign, new)
        assert said == done == (len(kinder), len(cards) - len(kinder), full), (said, done)
        self.campaigns[index] = replace(campaign, edition=new)
        self.history.append(Published(campaign.id, new))

    def is_full(self, card: Card, new: Edition) -> bool:
        """Whether it has all units of the new numbers: the next visit brings its bonus."""
        is_over = card.units_end_at is not None and self.now >= card.units_end_at
        return not is_over and max(card.open.values(), default=0) >= new.mechanic.threshold

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

    @precondition(lambda self: not self.is_frozen and not self.has_new_numbers())
    @rule(pick=draws.picks)
    def void(self, pick: int) -> None:
        """A manager takes a sale back: as if it had never been."""
        done = [slip for slip in self.slips if slip.status == "collected"]
        if not done:
            return
        self.take_back_sale(done[-1 - pick % len(done)])

    @precondition(lambda self: not self.is_frozen and not self.has_new_numbers())
    @rule(pick=draws.picks)
    def regret(self, pick: int) -> None:
        """The sale of a bonus that was used is taken back: that leaves a debt."""
        used = {step.bonus.session for step in self.history if isinstance(step, Used)}
        done = [slip for slip in self.slips if slip.status == "collected" and slip.id in used]
        if done:
            self.take_back_sale(done[-1 - pick % len(done)])

    def take_back_sale(self, slip: Slip) -> None:
        """All of its consequences, once."""
        voided = self.shop.void(slip.id)
        slip.status = "voided"
        self.history.append(Voided(slip.id, self.now))
        self.is_vague = True
        with self.nothing_changes():
            assert self.shop.void(slip.id) == voided

    def has_voided(self) -> bool:
        """Whether a sale was taken back."""
        return any(isinstance(step, Voided) for step in self.history)

    def has_new_numbers(self) -> bool:
        """Whether an owner changed anything: what an undo does to promises is a rule of its own."""
        return sum(isinstance(step, Published) for step in self.history) > len(self.campaigns)

    @rule(
        what=st.sampled_from(["sweep", "birthday", "review", "review"]),
        customer=st.integers(0, 1),
        days=st.none() | draws.feasts,
        verdict=st.sampled_from([Decision.APPROVE, Decision.APPROVE, Decision.VOID]),
    )
    def office(self, what: str, customer: int, days: int | None, verdict: Decision) -> None:
        """What happens away from the counter, each of it seldom."""
        if what == "birthday":
            self.say_birthday(customer, days)
        elif what == "review" and self.house.most_rises and not self.is_frozen:
            self.review(verdict)
        else:
            self.sweep()

    def sweep(self) -> None:
        """The daily round writes off what is over."""
        self.shop.sweep()
        live = [
            each
            for each in self.attempts
            if each.status == "open" and self.now < max(each.expires_at, each.resume_until)
        ]
        waiting = [
            Scanned(self.emails[slip.email], slip.sold.program, slip.scanned_at, slip.expires_at)
            for slip in self.slips
            if slip.status == "queued" and slip.scanned_at
        ]
        held = frozenset(each.bonus for each in live)
        self.history.append(Swept(self.now, held, tuple(waiting)))
        kept = {each.owner for each in live}
        owners = {row["id"]: owner for owner, row in look().cards.items()}
        for _, card, _, _, _, status, end in look().bonuses:
            is_over = end is not None and end <= self.now and owners[card] not in kept
            assert not (status == "waiting" and is_over)
        with self.nothing_changes():
            self.shop.sweep()

    def say_birthday(self, customer: int, days: int | None) -> None:
        """A customer says when their birthday is, or takes it back."""
        who = self.shop.customers[customer].id
        day = None if days is None else draws.feast(self.now, days)
        if self.world().birthdays[who].may_become(day, self.now):
            self.set_birthday(who, day)
        else:
            self.refused(RateLimited, lambda: self.shop.set_birthday(who, day))

    def review(self, verdict: Decision) -> None:
        """A manager looks at the levels that are held."""
        # Nothing else is done in this millisecond.
        self.tick()
        for finding in self.shop.held_levels():
            customer = finding.customer_id or 0
            program = self.gifts_go_to(customer, finding.evidence["sessions"])
            self.shop.review(finding.pk, verdict)
            is_approved = verdict is Decision.APPROVE
            self.history.append(Reviewed(customer, self.now, is_approved, program))
        self.tick()

    def gifts_go_to(self, customer: int, sessions: list[int]) -> int:
        """The program of the first sale that was held, or of the last one of all."""
        taken_back = {step.session for step in self.history if isinstance(step, Voided)}
        sales = [
            step
            for step in self.history
            if isinstance(step, Sold)
            and step.customer == customer
            and step.session not in taken_back
        ]
        held = [sale for sale in sales if sale.session in sessions]
        if held:
            return min(held, key=lambda sale: sale.at).program
        return max(sales, key=lambda sale: sale.at).program if sales else 0


def _is_money(campaign: Campaign) -> bool:
    return campaign.edition.mechanic.bonus_model is BonusModel.CUMULATIVE_SPEND
