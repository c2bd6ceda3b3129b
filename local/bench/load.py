"""A load generator that leaves the processor to the server: one loop over plain sockets."""

import math
import selectors
import socket
import time
from collections.abc import Iterator, Sequence
from dataclasses import dataclass, field

from local.errors import LocalError

_PATIENCE = 30.0
_LENGTH = b"content-length:"


@dataclass(frozen=True)
class Outcome:
    """Seconds until each answer, and how long all took; `cpu` is this client's own time."""

    latencies: list[float]
    seconds: float
    cpu: float


@dataclass
class _Line:
    """One keep-alive connection, with at most one request under way."""

    socket: socket.socket
    sent: float = 0.0
    answer: bytearray = field(default_factory=bytearray)

    def send(self, request: bytes) -> None:
        self.answer.clear()
        self.sent = time.perf_counter()
        self.socket.sendall(request)

    def is_answered(self) -> bool:
        part = self.socket.recv(65_536)
        if not part:
            raise LocalError("The server hung up in the middle of a request.")
        self.answer += part
        return is_whole(self.answer)


def run(
    port: int, requests: Iterator[bytes], *, clients: int, seconds: float, expected: bytes
) -> Outcome:
    """Keep `clients` connections busy for so long, then wait for the last answers.

    Raises LocalError at the first answer that is not a 200 with `expected` in it.
    """
    return _with_lines(port, _lasting(requests), clients, seconds, expected)


def run_all(port: int, requests: Sequence[bytes], *, clients: int, expected: bytes) -> Outcome:
    """Keep `clients` connections busy until each of these requests has its answer.

    Raises LocalError as `run` does.
    """
    return _with_lines(port, iter(requests), min(clients, len(requests)), math.inf, expected)


def _lasting(requests: Iterator[bytes]) -> Iterator[bytes]:
    yield from requests
    raise LocalError("The sessions ran out: the server became much faster.")


def _with_lines(
    port: int, requests: Iterator[bytes], clients: int, seconds: float, expected: bytes
) -> Outcome:
    lines = [_Line(_connected(port)) for _ in range(clients)]
    with selectors.DefaultSelector() as selector:
        for line in lines:
            selector.register(line.socket, selectors.EVENT_READ, line)
        try:
            return _drive(selector, lines, requests, seconds, expected)
        finally:
            for line in lines:
                line.socket.close()


def _drive(
    selector: selectors.BaseSelector,
    lines: list[_Line],
    requests: Iterator[bytes],
    seconds: float,
    expected: bytes,
) -> Outcome:
    latencies: list[float] = []
    own, started = time.process_time(), time.perf_counter()
    ends, now, busy = started + seconds, started, len(lines)
    for line in lines:
        line.send(next(requests))
    while busy:
        ready = selector.select(_PATIENCE)
        if not ready:
            raise LocalError(f"The server did not answer for {_PATIENCE:g} s.")
        for key, _ in ready:
            found: _Line = key.data
            if not found.is_answered():
                continue
            now = time.perf_counter()
            latencies.append(now - found.sent)
            _check(found.answer, expected)
            following = next(requests, None) if now < ends else None
            if following is None:
                busy -= 1
            else:
                found.send(following)
    return Outcome(latencies, now - started, time.process_time() - own)


def _connected(port: int) -> socket.socket:
    found = socket.create_connection(("127.0.0.1", port), timeout=_PATIENCE)
    found.setsockopt(socket.IPPROTO_TCP, socket.TCP_NODELAY, 1)
    return found


def is_whole(answer: bytearray) -> bool:
    """Whether all of an answer has arrived, by its length or its last chunk."""
    head = answer.find(b"\r\n\r\n")
    if head < 0:
        return False
    at = answer[:head].lower().find(_LENGTH)
    if at < 0:
        return answer.endswith(b"0\r\n\r\n")
    line = answer[at + len(_LENGTH) : answer.find(b"\r\n", at)]
    return len(answer) >= head + 4 + int(line)


def _check(answer: bytearray, expected: bytes) -> None:
    if not answer.startswith(b"HTTP/1.1 200") or expected not in answer:
        raise LocalError(f"The server answered: {answer[:1_000].decode(errors='replace')}")
