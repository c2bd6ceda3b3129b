"""How large one sale may be: beyond it somebody mistyped, and can still correct it."""

from collections.abc import Mapping, Sequence

from loyalty.base.errors import InvalidInput, ScanCap
from loyalty.base.money import largest_sale
from loyalty.base.values import Mechanic, Units
from loyalty.counting.completion import completed_alone
from loyalty.counting.units import each

# The cards that one scan, or one line of a history, may fill.
MOST_CARDS = 100


def check_amount(amount: int | None, *, currency: str) -> None:
    """Raise InvalidInput for a total over the `limit`, in minor units of `currency`; or below 0."""
    limit = largest_sale(currency)
    if amount is not None and not 0 <= amount <= limit:
        raise InvalidInput(
            details={"field": "amount", "reason": "range", "limit": limit, "currency": currency}
        )


def check_cards(mechanic: Mechanic, earned: Sequence[Units]) -> None:
    """Raise ScanCap for units that fill more `cards` by themselves; these cards are the `limit`."""
    if completed_alone(mechanic, earned) > MOST_CARDS:
        limit = mechanic.threshold * MOST_CARDS
        raise ScanCap(details={"what": "cards", "cards": MOST_CARDS, "limit": limit})


def within_promise(
    promise: Mechanic,
    counted: Mapping[int | None, int],
    *,
    own: Mapping[int | None, int],
    minted: Mechanic,
) -> Mapping[int | None, int]:
    """The units `counted` by a card's kinder promise, as far as they fill MOST_CARDS alone.

    By counter, what is worth most first: the spare cards go there. `own` are the units by the
    version that the code was `minted` under, which passed `check_cards`: no counter fills fewer
    cards than by that version. What begins one card more on each counter stays, as far as it does
    not fill it: a larger sale never gives less.
    """
    if completed_alone(promise, each(counted)) <= MOST_CARDS:
        return counted
    least = {
        tier: min(count // promise.threshold, completed_alone(minted, each({tier: own[tier]})))
        for tier, count in counted.items()
    }
    spare, kept = max(0, MOST_CARDS - sum(least.values())), {}
    for tier, count in counted.items():
        more = min(spare, count // promise.threshold - least[tier])
        spare -= more
        full = (least[tier] + more) * promise.threshold
        kept[tier] = min(count, full + promise.threshold - 1)
    return kept
