"""What the application knows of the connections that it has spoken on.

The kernel knows which connections there are (config/slow_readers.py); whether a whole request has
come on one, whose it was and whether it is still being answered, only the application does.
"""

import time
from collections.abc import Iterable
from dataclasses import dataclass
from ipaddress import IPv6Address, ip_address

from tenants.known_tokens import Holder
from tenants.places import Place

Peer = tuple[str, int]


@dataclass
class Line:
    """One connection on which a whole request has come."""

    place: Place
    under_way: int = 0
    used_at: float = 0.0

    @property
    def holder(self) -> Holder | None:
        """Whose the latest request was, if that is known."""
        return self.place.holder


class Lines:
    """Written on the event loop; read, and cleared of those that ended, by another thread."""

    def __init__(self) -> None:
        self._known: dict[Peer, Line] = {}

    def begin(self, peer: Peer | None, place: Place) -> None:
        """A request has come, and has this place."""
        if peer is not None:
            line = self._known.setdefault(plain(peer), Line(place))
            line.place, line.used_at = place, time.monotonic()
            line.under_way += 1

    def end(self, peer: Peer | None) -> None:
        """It was answered."""
        line = self._known.get(plain(peer)) if peer is not None else None
        if line is not None:
            line.under_way, line.used_at = line.under_way - 1, time.monotonic()

    def told(self) -> dict[Peer, Line]:
        """Those that are known."""
        return dict(self._known)

    def keep(self, told: Iterable[Peer], peers: set[Peer]) -> None:
        """Of those that were told, forget all but `peers`, which there still are."""
        for peer in told:
            if peer not in peers:
                self._known.pop(peer, None)


def plain(peer: Peer) -> Peer:
    """The peer as the kernel and the server both name it."""
    host, port = peer[:2]
    try:
        found = ip_address(host.partition("%")[0])
    except ValueError:
        return host, int(port)
    mapped = found.ipv4_mapped if isinstance(found, IPv6Address) else None
    return str(mapped or found), int(port)


# Connections of this process, where no proxy stands between.
lines = Lines()
