"""The server that runs from a data folder, as postmaster.pid and the kernel tell."""

import contextlib
import os
import signal
import sys
from dataclasses import dataclass
from pathlib import Path

_PROC = Path("/proc")


@dataclass(frozen=True)
class Postmaster:
    """A live server; `status` is starting, stopping, ready or standby."""

    pid: int
    sockets: Path
    port: str
    status: str

    def send(self, number: signal.Signals) -> None:
        """Send a signal, unless the server is gone by now."""
        with contextlib.suppress(ProcessLookupError):
            os.kill(self.pid, number)


def find(data: Path) -> Postmaster | None:
    """The server that runs from the data folder now."""
    try:
        lines = (data / "postmaster.pid").read_text().splitlines()
        pid = int(lines[0])
    except (OSError, ValueError, IndexError):
        return None
    if not _serves(pid, data):
        return None
    # The file grows while the server starts.
    lines += [""] * (8 - len(lines))
    return Postmaster(pid, Path(lines[4]), lines[3], lines[7].strip() or "starting")


def clear_remains(data: Path) -> None:
    """Remove what a killed server left: its pid file, and children that did not notice.

    Call it only when `find` knows of no server.
    """
    for child in _left_behind(data):
        with contextlib.suppress(ProcessLookupError):
            os.kill(child, signal.SIGKILL)
    (data / "postmaster.pid").unlink(missing_ok=True)


def _serves(pid: int, data: Path) -> bool:
    if sys.platform != "linux":
        return _exists(pid)
    # A number is used again, and in a container whose first process does not reap its children
    # a dead server stays in the table for ever; neither works in the data folder.
    return _works_in(_PROC / str(pid), data)


def _exists(pid: int) -> bool:
    try:
        os.kill(pid, 0)
    except OSError:
        return False
    return True


def _works_in(process: Path, data: Path) -> bool:
    try:
        at_work = (process / "cwd").samefile(data)
        return at_work and (process / "exe").readlink().name.startswith("postgres")
    except OSError:
        return False


def _left_behind(data: Path) -> list[int]:
    processes = [each for each in _PROC.glob("[0-9]*") if _works_in(each, data)]
    return [int(each.name) for each in processes]
