"""What a person gets once, and one of their addresses lost, comes to the address that earns it now.

Each address has a past of its own. Without a sale of another one, a sale may be the first of all,
or the first that is near enough to the birthday: then it raises what it would have raised.
"""

from collections.abc import Iterable, Mapping
from dataclasses import dataclass, field

from loyalty.base import exempt
from loyalty.base.states import BonusStatus, SessionStatus
from loyalty.correcting.apply_difference import PointsDifference, tell_others
from loyalty.correcting.move_bonuses import MovedBonuses, raise_bonus
from loyalty.db.ids import new_ids
from loyalty.history.level_tables import past_level_tables
from loyalty.history.past import past_in
from loyalty.history.replay import RaisedBonus, replay
from loyalty.history.rows import past_rows
from loyalty.models import Bonus, Customer, EarnSession, Event
from loyalty.people.profile import addresses_of

Earned = Mapping[int, list[RaisedBonus]]


@dataclass(frozen=True, slots=True)
class OtherAddresses:
    """A person's other addresses that have sales, and the occasions that each had earned."""

    customers: list[Customer] = field(default_factory=list)
    had: Mapping[int, set[str]] = field(default_factory=dict)


def others_of(customer_id: int | None) -> OtherAddresses:
    """Before anything changes; the caller has locked all addresses of the person."""
    own = customer_id or 0
    others = addresses_of(own).exclude(pk=own)
    sales = EarnSession.objects.filter(customer__in=others, status=SessionStatus.COLLECTED)
    found = list(others.filter(pk__in=sales.values("customer")).order_by("pk"))
    earned = _earned(found).items()
    had = {number: {each.earned_reward.occasion for each in raised} for number, raised in earned}
    return OtherAddresses(found, had)


@exempt.asked_already("part of undos and refunds")
def pass_on(others: OtherAddresses, *, cause: Event) -> None:
    """Give each of them what its sales earn from now on; each card's log names the `cause`.

    The earliest sale gets it, as it would have then.
    """
    left = list(others.customers)
    while gains := _gains(left, others.had):
        first = min(gains, key=lambda number: (gains[number][0].at, number))
        owner = next(each for each in left if each.pk == first)
        _give(gains[first], owner, cause)
        # What one gets is not given to the next: theirs is counted again.
        left.remove(owner)


def _gains(
    customers: Iterable[Customer], had: Mapping[int, set[str]]
) -> dict[int, list[RaisedBonus]]:
    found = {}
    for number, raised in _earned(list(customers)).items():
        new = [each for each in raised if each.earned_reward.occasion not in had[number]]
        if new:
            found[number] = sorted(new, key=lambda each: each.at)
    return found


def _earned(customers: list[Customer]) -> Earned:
    if not customers:
        return {}
    level_tables, found = past_level_tables(), {}
    for number, rows in past_rows(customers).items():
        past = past_in(rows, level_tables)
        raised = replay(past.steps, past.known).raised
        found[number] = [each for each in raised if each.earned_reward.source in past.once]
    return found


def _give(raised: Iterable[RaisedBonus], owner: Customer, cause: Event) -> None:
    there = Bonus.objects.filter(person=owner.whose).exclude(status=BonusStatus.VOID)
    had = set(there.values_list("occasion", flat=True))
    new = [each for each in raised if each.earned_reward.occasion not in had]
    numbers = new_ids(cause.at, len(new))
    settled = MovedBonuses()
    for number, each in zip(numbers, new, strict=True):
        # It is there for the books; nobody can use it, so nobody pays for it or hears of it.
        is_over = each.expires_at is not None and each.expires_at <= cause.at
        bonus = raise_bonus(each, number=number, is_over=is_over)
        settled.new += [] if is_over else [bonus]
    tell_others({card: PointsDifference() for card in settled.cards}, settled, cause=cause)
