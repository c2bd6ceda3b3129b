"""Waiting for what happens in other processes: never longer than needed, never for ever."""

import os
import time
from collections.abc import Callable
from pathlib import Path

_STEP = 0.02


def until(reached: Callable[[], object], within: float = 10.0) -> None:
    """Return as soon as the answer is true; fail when it never is."""
    deadline = time.monotonic() + within
    while not reached():
        assert time.monotonic() < deadline, "waited in vain"
        time.sleep(_STEP)


def is_running(pid: int) -> bool:
    """Whether a process works; one that only waits to be reaped does not."""
    try:
        os.kill(pid, 0)
    except ProcessLookupError:
        return False
    stat = Path(f"/proc/{pid}/stat")
    return not stat.exists() or stat.read_text().rsplit(")", 1)[1].split()[0] != "Z"


def pids(log: Path) -> list[int]:
    """The numbers, one a line, that programs of a test wrote into their log."""
    return [int(line) for line in log.read_text().split()] if log.exists() else []
