"""What a server process spends: CPU time and lines of log."""

import os
from collections.abc import Callable
from dataclasses import dataclass
from pathlib import Path
from typing import TypeVar

from tests.harness.servers import Server, Servers

T = TypeVar("T")
_TICK = os.sysconf("SC_CLK_TCK")
_BATCHES, _BATCH = 3, 4


@dataclass(frozen=True)
class Spent:
    """Of one request, in the best of several batches: other work on the machine counts for less."""

    cpu_ms: float
    log_bytes: float


def spent(servers: Servers, server: Server, ask: Callable[[], T]) -> tuple[T, Spent]:
    """The last answer, and what one request cost."""
    log = servers.folder / "log"
    costs = []
    before = log.stat().st_size
    answer = ask()
    for _ in range(_BATCHES):
        start = _cpu(server)
        for _ in range(_BATCH):
            answer = ask()
        costs.append((_cpu(server) - start) * 1_000 / _BATCH)
    requests = 1 + _BATCHES * _BATCH
    return answer, Spent(min(costs), (log.stat().st_size - before) / requests)


def _cpu(server: Server) -> float:
    """Seconds of CPU of the server's workers so far."""
    children = Path(f"/proc/{server.process.pid}/task").glob("*/children")
    workers = {int(pid) for path in children for pid in path.read_text().split()}
    assert workers
    return sum(_ticks(Path(f"/proc/{pid}/stat").read_text()) for pid in workers) / _TICK


def _ticks(stat: str) -> int:
    fields = stat.rpartition(")")[2].split()
    return int(fields[11]) + int(fields[12])
