"""Which connections end when one address has too many of them."""

from collections import Counter
from collections.abc import Iterable, Mapping
from typing import NamedTuple

from config.lines import Line, Peer
from tenants.address import limit_key
from tenants.places import Places


class Connection(NamedTuple):
    """One connection: since when it is seen, and whether an answer waits for its reader."""

    peer: Peer
    first_seen: float
    is_read: bool


class Most(NamedTuple):
    """How many of one address are kept: of all guests, and of those that have asked nothing yet."""

    spoken: int
    silent: int


def crowded(
    found: Iterable[Connection], lines: Mapping[Peer, Line], *, most: Most, now: float
) -> set[Peer]:
    """Those to end.

    Of the silent ones the oldest: anybody who means to ask has done so in the second before they
    are looked at. Of those that have asked, the guests' that were left alone longest.
    """
    spoken: list[Connection] = []
    silent: list[Connection] = []
    for each in found:
        (spoken if each.peer in lines else silent).append(each)
    return _silent(silent, most=most.silent, now=now) | _spoken(spoken, lines, most=most.spoken)


def _silent(found: Iterable[Connection], *, most: int, now: float) -> set[Peer]:
    kept: Counter[str] = Counter()
    ended = set()
    for peer, first_seen, _ in sorted(found, key=lambda each: -each.first_seen):
        address = limit_key(peer[0])
        kept[address] += 1
        if kept[address] > most and first_seen < now:
            ended.add(peer)
    return ended


def _spoken(found: list[Connection], lines: Mapping[Peer, Line], *, most: int) -> set[Peer]:
    # The same places as requests have: what known callers keep open counts for them.
    places = Places(of_address=most)

    def worth(each: Connection) -> tuple[bool, float]:
        line = lines[each.peer]
        if line.under_way > 0 or not each.is_read:
            # Of those that are being served, the newest go: they are told so by a 429 anyway.
            return True, -line.used_at
        return False, line.used_at

    ordered = sorted(found, key=worth, reverse=True)
    return {
        each.peer
        for each in ordered
        if places.take(limit_key(each.peer[0]), lines[each.peer].holder) is None
    }
