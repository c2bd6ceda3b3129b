"""Which connections of a crowded address end."""

from hypothesis import given
from hypothesis import strategies as st

from config.crowds import Connection, Most, crowded
from config.lines import Line, Lines, Peer, plain
from tenants.known_tokens import Holder
from tenants.places import Places

SHOP = "203.0.113.7"
MOST = Most(spoken=8, silent=2)
CLERK = Holder("alpha", "staff:1", is_staff=True)


def _line(holder: Holder | None, *, under_way: int, used_at: float) -> Line:
    place = Places(of_address=1).take(SHOP, holder)
    assert place
    return Line(place, under_way, used_at)


SPOKEN = st.tuples(st.integers(0, 1), st.floats(0, 100), st.booleans())


@given(st.lists(SPOKEN, max_size=40), st.lists(st.floats(0, 100), max_size=20), st.floats(0, 100))
def test_guests_end_and_the_counter_stays(
    spoken: list[tuple[int, float, bool]], silent: list[float], counter_used: float
) -> None:
    found, lines, now = [], {}, 100.0
    for port, (under_way, used_at, is_read) in enumerate(spoken, start=1):
        lines[SHOP, port] = _line(None, under_way=under_way, used_at=used_at)
        found.append(Connection((SHOP, port), 0.0, is_read))
    counters = [(SHOP, 5_000 + n) for n in range(2)]
    for peer in counters:
        lines[peer] = _line(CLERK, under_way=0, used_at=counter_used)
        found.append(Connection(peer, 0.0, is_read=True))
    quiet = [Connection((SHOP, 9_000 + n), since, True) for n, since in enumerate(silent)]
    ended = crowded([*quiet, *found], lines, most=MOST, now=now)
    assert not ended & set(counters)
    guests = set(lines) - set(counters)
    assert len(guests - ended) == min(len(guests), MOST.spoken)
    # Nobody who is being served goes while somebody is there whom nothing is made for.
    served = {each.peer for each in found if lines[each.peer].under_way or not each.is_read}
    if (served & guests) & ended:
        assert guests - ended <= served
    kept = [each for each in quiet if each.peer not in ended]
    assert len([each for each in kept if each.first_seen < now]) <= MOST.silent
    for gone in (each for each in quiet if each.peer in ended):
        assert all(gone.first_seen <= each.first_seen for each in kept)
        assert gone.first_seen < now


def test_an_address_ends_only_its_own() -> None:
    crowd: list[Peer] = [(SHOP, n) for n in range(50)]
    found = [Connection(peer, 0.0, is_read=True) for peer in [*crowd, ("198.51.100.9", 1)]]
    ended = crowded(found, {}, most=MOST, now=1.0)
    assert len(ended) == len(crowd) - MOST.silent
    assert ended < set(crowd)


def test_a_line_is_known_by_either_name_of_its_peer() -> None:
    lines, place = Lines(), Places(of_address=1).take(SHOP, None)
    assert place
    lines.begin((f"::ffff:{SHOP}", 4711), place)
    told = lines.told()
    assert set(told) == {(SHOP, 4711)} == {plain((SHOP, 4711))}
    assert told[SHOP, 4711].under_way == 1
    lines.end((SHOP, 4711))
    assert told[SHOP, 4711].under_way == 0
    lines.keep(told, {(SHOP, 4711)})
    assert set(lines.told()) == {(SHOP, 4711)}
    lines.keep(told, set())
    assert not lines.told()
