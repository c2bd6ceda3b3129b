"""Four digits that select one live redemption of a program.

Rules: docs/rules.md#redeeming.
"""

from collections.abc import Callable
from collections.abc import Set as AbstractSet

PINS = 10_000
# With more of them alive, drawing would find few free ones and guessing many: then the code alone.
MOST_ALIVE = 2_000
# A fifth of all PINs is taken at most: so many turns in a row hit none but those once in 10**22.
_TURNS = 32


def first_free(
    taken: AbstractSet[bytes], *, nth: Callable[[int], bytes]
) -> tuple[int, bytes] | tuple[None, None]:
    """The first turn whose PIN is not taken, and the PIN as it is looked up.

    Nothing when too many are taken. `nth(turn)` is even among all PINs, so the first free one is
    even among the free ones.
    """
    if len(taken) >= MOST_ALIVE:
        return None, None
    for turn in range(_TURNS):
        if (found := nth(turn)) not in taken:
            return turn, found
    return None, None
