"""How large one sale may be: beyond it somebody mistyped, and can still correct it."""

from collections.abc import Sequence

from loyalty.errors import InvalidInput, ScanCap
from loyalty.money import largest_sale
from loyalty.rules.completion import completed_alone
from loyalty.values import Mechanic, Units

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
