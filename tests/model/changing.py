"""Rules of the machine: time, new numbers, sales that are taken back."""

from dataclasses import replace
from datetime import timedelta

from hypothesis import strategies as st
from hypothesis.stateful import precondition, rule

from loyalty.values import BonusModel, Surplus
from tests.model import draws
from tests.model.history import Published, Voided
from tests.model.machine import Machine, Slip
from tests.model.naive import is_better
from tests.model.shop import Campaign


class Changing(Machine):
    """What happens to sales and programs afterwards."""

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
            mechanic=replace(rules, **numbers),  # type: ignore[arg-type]  # each number in its own field
            switches=replace(switches, points=max(0, switches.points + points)),
        )
        cards = [card for (_, of), card in self.world().cards.items() if of == campaign.id]
        at_once = sum(is_better(new, card.edition) for card in cards)
        said, done = self.shop.publish(campaign, new)
        assert said == done == (at_once, len(cards) - at_once), (said, done)
        self.campaigns[index] = replace(campaign, edition=new)
        self.history.append(Published(campaign.id, new))

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


def _is_money(campaign: Campaign) -> bool:
    return campaign.edition.mechanic.bonus_model is BonusModel.CUMULATIVE_SPEND
