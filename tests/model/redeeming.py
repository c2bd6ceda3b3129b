"""Rules of the machine: the handshake."""

from datetime import timedelta
from typing import Any

from hypothesis import strategies as st
from hypothesis.stateful import invariant, precondition, rule

from loyalty.base.errors import (
    AlreadyRedeemed,
    NoBonus,
    NotFound,
    RateLimited,
    RedemptionCancelled,
    RedemptionExpired,
    Refused,
    TierNotAllowed,
)
from loyalty.models import Redemption
from loyalty.redeeming.decide_redemption import RedemptionVerdict
from loyalty.redeeming.preview_redemption import RedemptionSelector
from tests.model import draws
from tests.model.history import BonusKey, Refunded, Used
from tests.model.machine import Attempt, Machine
from tests.model.world import Bonus, Card

LIVES, RESUMES = timedelta(seconds=90), timedelta(minutes=3)
MINUTE, NEW_A_MINUTE = timedelta(minutes=1), 10


class Redeeming(Machine):
    """Ask, look, confirm, cancel, refund: each of them once and again."""

    @precondition(lambda self: self.bonus_ids and not self.is_vague)
    @rule(pick=draws.picks, wants_more=st.booleans())
    def ask(self, pick: int, wants_more: bool) -> None:  # noqa: FBT001  drawn by name
        """A customer asks for a bonus, maybe again, maybe one that is gone."""
        keys = list(self.bonus_ids)
        owner, _, bonus = self.found(keys[-1 - pick % len(keys)])
        product = self.product_for(owner, bonus, wants_more=wants_more)

        def ask() -> Any:
            number, who = self.card_id(owner), owner[0]
            return self.shop.request(number, self.bonus_ids[bonus.key], who, product)

        live = self.resumable(owner)
        why = None if live and live.bonus == bonus.key else self.why_not(owner, bonus)
        if why is None and self.is_too_much(owner, bonus, wants_more=wants_more):
            why = TierNotAllowed
        if why:
            self.refused(why, ask)
            return
        got = ask()
        if live and live.bonus == bonus.key:
            assert (got.id, got.token, got.pin) == (live.id, live.token, live.pin)
            live.expires_at = self.now + LIVES
            return
        for each in self.attempts:
            if each.owner == owner and each.status == "open":
                each.status = "closed"
        dates = (self.now, self.now + LIVES, self.now + RESUMES)
        self.attempts.append(
            Attempt(got.id, got.token, got.pin, owner, bonus.key, bonus.tier, bonus.once, *dates)
        )

    @precondition(lambda self: self.bonus_ids and not self.is_vague)
    @rule(pick=draws.picks, by=st.sampled_from(["token", "pin", "id"]))
    def give(self, pick: int, by: str) -> None:
        """All goes well: ask, look, confirm."""
        before = len(self.attempts)
        self.ask(pick, wants_more=False)
        if len(self.attempts) > before:
            self.look_at(0, by)
            self.decide(0, RedemptionVerdict.CONFIRMED, by_token=False)

    def found(self, key: BonusKey) -> tuple[tuple[int, int], Card, Bonus]:
        """Whose bonus it is, and on which card."""
        for owner, card in self.world().cards.items():
            for bonus in card.bonuses:
                if bonus.key == key:
                    return owner, card, bonus
        raise LookupError(key)

    def card_id(self, owner: tuple[int, int]) -> int:
        """The row of a card."""
        slips = (each for each in self.slips if each.customer == owner[0])
        of_program = (each.outcome.card for each in slips if each.outcome)
        return int(next(card.id for card in of_program if card.program_id == owner[1]))

    def product_for(self, owner: tuple[int, int], bonus: Bonus, *, wants_more: bool) -> int | None:
        """A product to ask for, where there is a choice."""
        campaign = next(each for each in self.campaigns if each.id == owner[1])
        if bonus.tier is None or bonus.key.source != "card":
            return None
        return campaign.products[-1] if wants_more else campaign.products[0]

    def is_too_much(self, owner: tuple[int, int], bonus: Bonus, *, wants_more: bool) -> bool:
        """Whether that is worth more than the bonus."""
        campaign = next(each for each in self.campaigns if each.id == owner[1])
        return (
            wants_more
            and bonus.key.source == "card"
            and bonus.tier is not None
            and bonus.tier != campaign.tiers[-1]
        )

    def resumable(self, owner: tuple[int, int]) -> Attempt | None:
        """The one that asking again would show again."""
        for each in self.attempts:
            if each.owner == owner and each.status == "open" and self.now < each.resume_until:
                return each
        return None

    def why_not(self, owner: tuple[int, int], bonus: Bonus) -> type[Refused] | None:
        """Why a new one is refused."""
        mine = [each for each in self.attempts if each.owner[0] == owner[0]]
        if sum(each.created_at > self.now - MINUTE for each in mine) >= NEW_A_MINUTE:
            return RateLimited
        is_over = bonus.expires_at is not None and bonus.expires_at <= self.now
        return NoBonus if is_over or bonus.status != "waiting" else None

    @precondition(lambda self: self.attempts and not self.is_vague)
    @rule(pick=draws.picks, by=st.sampled_from(["token", "pin", "id"]))
    def look_at(self, pick: int, by: str) -> None:
        """Staff scan the code or type the PIN."""
        attempt = self.attempts[-1 - pick % len(self.attempts)]
        which = RedemptionSelector(token=attempt.token)
        if by == "pin":
            which = RedemptionSelector(pin=attempt.pin, program_id=attempt.owner[1])
        if by == "id":
            which = RedemptionSelector(redemption_id=attempt.id)
        if attempt.is_live(self.now):
            seen = self.shop.preview(which)
            assert (seen.id, seen.status) == (attempt.id, "open")
            attempt.was_seen = True
        elif by != "pin":
            # The PIN of an old one may be a live one's by now.
            self.refused(self.why_over(attempt), lambda: self.shop.preview(which))

    def why_over(self, attempt: Attempt) -> type[Refused]:
        """What became of it."""
        over = {
            "confirmed": AlreadyRedeemed,
            "refunded": RedemptionCancelled,
            "cancelled": RedemptionCancelled,
        }
        return over.get(attempt.status, RedemptionExpired)

    @precondition(lambda self: self.attempts and not self.is_vague)
    @rule(pick=draws.picks, verdict=st.sampled_from(RedemptionVerdict), by_token=st.booleans())
    def decide(self, pick: int, verdict: RedemptionVerdict, by_token: bool) -> None:  # noqa: FBT001  drawn
        """Staff confirm or cancel."""
        attempt = self.attempts[-1 - pick % len(self.attempts)]
        which = (
            RedemptionSelector(token=attempt.token)
            if by_token
            else RedemptionSelector(redemption_id=attempt.id)
        )

        def decide() -> Any:
            return self.shop.decide(which, verdict)

        if attempt.status == verdict:
            with self.nothing_changes():
                assert decide().status == verdict
        elif not by_token and not attempt.was_seen:
            self.refused(NotFound, decide)
        elif not attempt.is_live(self.now):
            self.refused(self.why_over(attempt), decide)
        else:
            first = decide()
            attempt.status = verdict.value
            if verdict is RedemptionVerdict.CONFIRMED:
                self.history.append(Used(*attempt.owner, attempt.bonus, attempt.tier, attempt.once))
            with self.nothing_changes():
                again = decide()
            assert (again.status, again.at, again.bonus) == (first.status, first.at, first.bonus)

    @precondition(lambda self: self.attempts and not self.is_vague)
    @rule(pick=draws.picks)
    def take_back(self, pick: int) -> None:
        """The customer cancels."""
        attempt = self.attempts[-1 - pick % len(self.attempts)]

        def cancel() -> Any:
            return self.shop.cancel(attempt.id, attempt.owner[0])

        if attempt.status == "cancelled":
            with self.nothing_changes():
                assert cancel().status == "cancelled"
        elif not attempt.is_live(self.now):
            self.refused(self.why_over(attempt), cancel)
        else:
            assert cancel().status == "cancelled"
            attempt.status = "cancelled"

    @precondition(lambda self: self.attempts)
    @rule(pick=draws.picks)
    def refund(self, pick: int) -> None:
        """A manager takes back what was given."""
        attempt = self.attempts[-1 - pick % len(self.attempts)]

        def refund() -> Any:
            return self.shop.refund(attempt.id)

        if attempt.status == "refunded":
            with self.nothing_changes():
                assert refund().status == "refunded"
        elif attempt.status == "confirmed":
            assert refund().status == "refunded"
            attempt.status = "refunded"
            owner, bonus, tier = attempt.owner, attempt.bonus, attempt.tier
            self.history.append(Refunded(*owner, bonus, tier, attempt.once, self.now))
        elif attempt.status == "cancelled":
            self.refused(RedemptionCancelled, refund)
        else:
            self.refused(RedemptionExpired, refund)

    @invariant()
    def agrees(self) -> None:
        """Redemptions too are what the model says."""
        super().agrees()
        if not self.attempts:
            return
        found = dict(Redemption.objects.values_list("id", "status"))
        # An overdue one may or may not be closed in its row: it reads as expired either way.
        for each in self.attempts:
            is_over = each.status in {"open", "closed"} and self.now >= each.expires_at
            assert found[each.id] == each.status or is_over, each
