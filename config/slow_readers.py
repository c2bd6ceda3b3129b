"""Ends connections whose other side does not read, and crowds of connections from one address.

The server hands an answer to the kernel and cannot know whether anybody reads it. The kernel does:
it says how many bytes wait for a connection's other side, and how many that side has taken.
"""

import fcntl
import logging
import os
import socket
import struct
import sys
import termios
import threading
import time
from collections.abc import Iterable, Iterator, Mapping
from contextlib import ExitStack, suppress
from pathlib import Path
from typing import NamedTuple

from config.bodies import Limits
from config.crowds import Connection, Most, crowded
from config.lines import Line, Lines, Peer, plain

log = logging.getLogger(__name__)
# As for bodies that come: what is sent must be taken at this rate once patience is over.
READING = Limits(kept=0, read=0, seconds=600.0, patience=20.0, slowest=4 * 1024)
_LOOK_EVERY = 1.0
_OPEN_FILES = Path("/proc/self/fd")
# struct tcp_info: 8 bytes, 24 numbers of 32 bits, two rates of 64, then the bytes acknowledged.
_ACKNOWLEDGED = struct.Struct("@120xQ")


class Seen(NamedTuple):
    """One connection at one moment: who is there, what waits for them, what they have taken."""

    peer: Peer
    waiting: int
    taken: int


class Readers:
    """What is known of connections from look to look."""

    def __init__(self, *, most: Most | None) -> None:
        self._most = most
        # Since when bytes wait for a peer without a break, and what it had taken by then.
        self._behind: dict[Peer, tuple[float, int]] = {}
        self._first_seen: dict[Peer, float] = {}

    def too_slow(self, found: Iterable[Seen], *, now: float) -> set[Peer]:
        """Those that take what waits for them too slowly."""
        behind = {}
        slow = set()
        for peer, waiting, taken in found:
            if not waiting:
                continue
            since, had = behind[peer] = self._behind.get(peer, (now, taken))
            if now - since > READING.allowed(taken - had):
                slow.add(peer)
        self._behind = behind
        return slow

    def too_many(
        self, found: Iterable[Seen], lines: Mapping[Peer, Line], *, now: float
    ) -> set[Peer]:
        """Those of each address that has more connections than one may have."""
        if self._most is None:
            return set()
        waiting = {peer: waiting for peer, waiting, _ in found}
        self._first_seen = {peer: self._first_seen.get(peer, now) for peer in waiting}
        seen = (
            Connection(peer, since, is_read=not waiting[peer])
            for peer, since in self._first_seen.items()
        )
        return crowded(seen, lines, most=self._most, now=now)


def watch(lines: Lines, *, most: Most | None) -> None:
    """Look after this process's connections from now on, in a thread of its own.

    `most` is how many of them one address may have; None where all come from a proxy. `lines` are
    those on which somebody has asked something.
    """
    if not _OPEN_FILES.exists() or not hasattr(socket, "TCP_INFO"):
        log.warning("Slow readers are not seen on this system: a proxy has to buffer answers")
        return
    readers = Readers(most=most)
    args = (readers, lines)
    threading.Thread(target=_look_on, args=args, name="readers", daemon=True).start()


def _look_on(readers: Readers, lines: Lines) -> None:
    while True:
        time.sleep(_LOOK_EVERY)
        try:
            look(readers, lines, now=time.monotonic())
        except OSError as error:
            log.warning("Connections could not be looked at: %s", type(error).__name__)


def look(readers: Readers, lines: Lines, *, now: float) -> None:
    """Look once at all connections that came in to this process, and end those that must end."""
    # Before the connections: what is known and not among them has ended.
    before = lines.told()
    with ExitStack() as held:
        came_in = _came_in(held)
        lines.keep(before, set(came_in))
        found = [_seen(peer, line) for peer, line in came_in.items()]
        ended = readers.too_slow(found, now=now) | readers.too_many(found, lines.told(), now=now)
        for peer in ended:
            _end(came_in[peer])
    if ended:
        log.warning("Connections ended for unread answers or for their number: %d", len(ended))


def _came_in(held: ExitStack) -> dict[Peer, socket.socket]:
    """Duplicates of the connections on ports that this process listens on, by their peers."""
    lines = [held.enter_context(line) for line in _sockets()]
    listening = {line.getsockname()[1] for line in lines if _is_listening(line)}
    found = {}
    for line in lines:
        # One that ended meanwhile has no peer.
        with suppress(OSError):
            if line.getsockname()[1] in listening and not _is_listening(line):
                found[plain(line.getpeername())] = line
    return found


def _sockets() -> Iterator[socket.socket]:
    for name in _OPEN_FILES.iterdir():
        # A file may be closed while we look; the duplicate is what we judge then.
        with suppress(OSError):
            if str(name.readlink()).startswith("socket:"):
                line = socket.socket(fileno=os.dup(int(name.name)))
                if line.family in {socket.AF_INET, socket.AF_INET6}:
                    yield line
                else:
                    line.close()


def _is_listening(line: socket.socket) -> bool:
    return bool(line.getsockopt(socket.SOL_SOCKET, socket.SO_ACCEPTCONN))


def _seen(peer: Peer, line: socket.socket) -> Seen:
    waiting = int.from_bytes(fcntl.ioctl(line, termios.TIOCOUTQ, bytes(4)), sys.byteorder)
    told = line.getsockopt(socket.IPPROTO_TCP, socket.TCP_INFO, _ACKNOWLEDGED.size)
    return Seen(peer, waiting, _ACKNOWLEDGED.unpack(told)[0])


def _end(line: socket.socket) -> None:
    with suppress(OSError):
        # What nobody reads is not kept for them when the server closes its side.
        line.setsockopt(socket.SOL_SOCKET, socket.SO_LINGER, struct.pack("ii", 1, 0))
        line.shutdown(socket.SHUT_RDWR)
