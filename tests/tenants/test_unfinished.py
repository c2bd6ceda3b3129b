"""What is not whole gives way to what was begun after it."""

from typing import TYPE_CHECKING

from hypothesis import given
from hypothesis import strategies as st

from tenants.unfinished import Unfinished

if TYPE_CHECKING:
    from collections.abc import Callable

MOST = 4


@given(st.lists(st.tuples(st.sampled_from("ab"), st.booleans()), max_size=60))
def test_the_oldest_of_the_address_goes(steps: list[tuple[str, bool]]) -> None:
    unfinished = Unfinished(most=MOST)
    gone: list[int] = []
    open_: dict[int, tuple[str, Callable[[], None]]] = {}
    for number, (address, is_done) in enumerate(steps):
        mine = [n for n, (where, _) in open_.items() if where == address]
        if is_done and mine:
            open_.pop(mine[-1])[1]()
            continue
        expected = mine[:1] if len(mine) == MOST else []
        before = list(gone)
        end = unfinished.begin(address, give_way=lambda n=number: gone.append(n))  # type: ignore[misc]  # bound now
        assert gone == before + expected
        for each in expected:
            # Anybody who gave way says so as well, and it counts once.
            open_.pop(each)[1]()
        open_[number] = (address, end)
    for _, end in open_.values():
        end()
        end()
    assert unfinished.is_empty()
