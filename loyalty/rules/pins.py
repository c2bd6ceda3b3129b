"""Four digits that select one live redemption of a program (SPEC section 4.4)."""

from collections.abc import Callable, Collection

PINS = 10_000
# With more of them alive, drawing would find few free ones and guessing many: then the code alone.
MOST_ALIVE = 2_000


def draw(taken: Collection[str], *, below: Callable[[int], int]) -> str | None:
    """A PIN that is not taken; None when too many are. `below(n)` is a random number under n."""
    if len(taken) >= MOST_ALIVE:
        return None
    free = [pin for pin in map("{:04d}".format, range(PINS)) if pin not in taken]
    return free[below(len(free))]
