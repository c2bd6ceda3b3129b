"""Rules of the machine: what is given, taken back and put back, in any order."""

from hypothesis import strategies as st
from hypothesis.stateful import precondition, rule

from loyalty.redeeming.decide_redemption import RedemptionVerdict
from loyalty.redeeming.preview_redemption import RedemptionSelector
from tests.model import draws
from tests.model.changing import Changing
from tests.model.history import BonusKey, Used
from tests.model.look import look
from tests.model.machine import Attempt
from tests.model.redeeming import LIVES, MINUTE, NEW_A_MINUTE, RESUMES, Redeeming
from tests.model.world import Bonus, Owner

DEEDS = ("give", "give", "undo", "regret", "refund")


class Turning(Changing, Redeeming):
    """After an undo nobody can tell like bonuses apart: one of a kind is given."""

    @precondition(lambda self: self.is_vague and not self.is_frozen and not self.has_new_numbers())
    @rule(deeds=st.lists(st.tuples(st.sampled_from(DEEDS), draws.picks), min_size=1, max_size=5))
    def turn(self, deeds: list[tuple[str, int]]) -> None:
        """One after the other, each as far as it can be done."""
        for deed, pick in deeds:
            self.tick()
            match deed:
                case "give":
                    self.give_one(pick)
                case "undo":
                    self.void(pick)
                case "regret":
                    self.regret(pick)
                case "refund" if self.attempts:
                    self.refund(pick)
            self.agrees()

    def give_one(self, pick: int) -> None:
        """Some bonus that waits is given to its customer, if nothing is in the way."""
        waiting = self.waiting()
        if not waiting:
            return
        owner, bonus, number = waiting[pick % len(waiting)]
        mine = [each for each in self.attempts if each.owner[0] == owner[0]]
        is_too_often = sum(each.created_at > self.now - MINUTE for each in mine) >= NEW_A_MINUTE
        if is_too_often or self.resumable(owner):
            return
        for each in self.attempts:
            if each.owner == owner and each.status == "open":
                each.status = "closed"
        product = self.product_for(owner, bonus, wants_more=False)
        got = self.shop.request(look().cards[owner]["id"], number, owner[0], product)
        # A name of its own: it is one of its kind.
        key = BonusKey(-number, bonus.key.source, 0)
        dates = (self.now, self.now + LIVES, self.now + RESUMES)
        made = Attempt(
            got.id, got.token or "", got.pin or "", owner, key, bonus.tier, bonus.once, *dates
        )
        self.attempts.append(made)
        self.shop.decide(RedemptionSelector(token=made.token), RedemptionVerdict.CONFIRMED)
        made.status = "confirmed"
        self.history.append(Used(*owner, key, bonus.tier, bonus.once))

    def waiting(self) -> list[tuple[Owner, Bonus, int]]:
        """Those that can be had now, by the model, each with a row of its kind."""
        seen, found = look(), []
        rows = {row["id"]: owner for owner, row in seen.cards.items()}
        for owner, card in sorted(self.world().cards.items()):
            for bonus in card.bonuses:
                numbers = [
                    number
                    for number, of, _, source, tier, status, end in seen.bonuses
                    if (rows[of], source, tier) == (owner, bonus.key.source, bonus.tier)
                    and status == "waiting"
                    and (end is None or end > self.now)
                ]
                if bonus.status == "waiting" and numbers:
                    found.append((owner, bonus, numbers[0]))
        return found
