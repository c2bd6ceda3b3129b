"""Four digits that select one live redemption of a program (SPEC section 4.4)."""

from collections.abc import Callable
from collections.abc import Set as AbstractSet

PINS = 10_000
# With more of them alive, drawing would find few free ones and guessing many: then the code alone.
MOST_ALIVE = 2_000


def draw(taken: AbstractSet[str], *, below: Callable[[int], int]) -> str | None:
    """A PIN that is not taken; None when too many are. `below(n)` is a random number under n."""
    if len(taken) >= MOST_ALIVE:
        return None
    # The n-th free one; writing down all 10,000 would take most of the request's time.
    number = below(PINS - len(taken))
    for pin in sorted(map(int, taken)):
        if pin > number:
            break
        number += 1
    return f"{number:04d}"
