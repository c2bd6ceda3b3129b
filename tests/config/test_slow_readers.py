"""Who reads too slowly, and who has too many connections: rules over what was seen."""

from hypothesis import given
from hypothesis import strategies as st

from config.crowds import Most
from config.slow_readers import READING, Readers, Seen

PEER = ("203.0.113.7", 4711)


@given(st.integers(READING.slowest, 10**9))
def test_whoever_takes_enough_is_left_alone(rate: int) -> None:
    readers = Readers(most=None)
    for second in range(int(READING.seconds)):
        found = [Seen(PEER, waiting=1, taken=rate * second)]
        assert readers.too_slow(found, now=second) == set()


@given(st.integers(0, READING.slowest - 1))
def test_whoever_takes_less_is_ended_in_time(rate: int) -> None:
    readers, ended = Readers(most=None), None
    for second in range(int(READING.seconds) + 2):
        if readers.too_slow([Seen(PEER, waiting=1, taken=rate * second)], now=second):
            ended = second
            break
    assert ended is not None
    assert ended > READING.patience
    if rate * 2 < READING.slowest:
        assert ended <= 2 * READING.patience + 2


@given(st.lists(st.integers(1, int(READING.patience)), min_size=1, max_size=50))
def test_pauses_that_end_do_not_add_up(pauses: list[int]) -> None:
    readers, now = Readers(most=None), 0
    for pause in pauses:
        for _ in range(pause):
            assert not readers.too_slow([Seen(PEER, waiting=1, taken=0)], now=now)
            now += 1
        assert not readers.too_slow([Seen(PEER, waiting=0, taken=0)], now=now)


def test_a_new_connection_from_the_same_port_is_another_one() -> None:
    readers = Readers(most=None)
    readers.too_slow([Seen(PEER, waiting=1, taken=0)], now=0)
    readers.too_slow([], now=10)
    assert not readers.too_slow([Seen(PEER, waiting=1, taken=0)], now=30)


def test_the_first_look_at_a_connection_ends_none() -> None:
    readers = Readers(most=Most(spoken=2, silent=1))
    home = [Seen((f"2001:db8::{port}", port), 0, 0) for port in range(1, 4)]
    assert readers.too_many(home[:2], {}, now=1) == set()
    assert readers.too_many(home, {}, now=2) == {each.peer for each in home[:2]}


def test_behind_a_proxy_connections_are_not_counted() -> None:
    crowd = [Seen(("10.0.0.1", port), 0, 0) for port in range(5_000)]
    assert Readers(most=None).too_many(crowd, {}, now=1) == set()
