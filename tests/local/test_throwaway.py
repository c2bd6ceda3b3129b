"""A throw-away server lasts as long as its command, and no longer."""

import os
import signal
import subprocess
import sys
from collections.abc import Iterator, Sequence
from pathlib import Path

import pytest

from local import throwaway
from local.checkout import Checkout
from local.profile import Profile
from tests.local.waiting import is_running, pids, until

# Tells its own number and that of the server, and stays.
_TELL = """
import os, pathlib, sys, time
from urllib.parse import parse_qs, urlsplit
sockets = parse_qs(urlsplit(os.environ["DATABASE_URL"]).query)["host"][0]
postmaster = (pathlib.Path(sockets).parent / "postgres" / "postmaster.pid").read_text().split()[0]
pathlib.Path(sys.argv[1]).write_text(f"{os.getpid()}\\n{postmaster}\\n")
time.sleep(float(sys.argv[2]))
sys.exit(3)
"""
_RUN = (
    "import sys; from pathlib import Path; from local import entry, throwaway\n"
    "from local.checkout import Checkout; from local.profile import Profile\n"
    "checkout = Checkout(Path(sys.argv[1]))\n"
    "entry.run(lambda _: throwaway.run(checkout, Profile.FAST, sys.argv[2:], {}))"
)


def _tell(seen: Path, seconds: int) -> Sequence[str]:
    return [sys.executable, "-c", _TELL, str(seen), str(seconds)]


@pytest.fixture
def seen(tmp_path: Path) -> Path:
    """Where a command tells its own number and that of the server."""
    return tmp_path / "seen"


@pytest.fixture
def running(checkout: Checkout, seen: Path) -> Iterator[subprocess.Popen[bytes]]:
    """A process that runs a command for a minute beside a server."""
    command = [sys.executable, "-c", _RUN, str(checkout.root), *_tell(seen, 60)]
    with subprocess.Popen(command, cwd=Checkout.here().root) as runner:
        until(lambda: len(pids(seen)) == 2)
        yield runner


def _leftovers(checkout: Checkout) -> list[Path]:
    return list(checkout.test.glob("run-*"))


def test_the_commands_code_is_ours_and_nothing_is_left(checkout: Checkout, seen: Path) -> None:
    assert throwaway.run(checkout, Profile.FAST, _tell(seen, 0), {}) == 3
    assert not [pid for pid in pids(seen) if is_running(pid)]
    assert not _leftovers(checkout)


def test_a_signal_ends_the_command_and_the_server(
    checkout: Checkout, seen: Path, running: subprocess.Popen[bytes]
) -> None:
    running.send_signal(signal.SIGTERM)
    assert running.wait(20) == 128 + signal.SIGTERM
    until(lambda: not [pid for pid in pids(seen) if is_running(pid)])
    assert not _leftovers(checkout)


def test_what_a_killed_run_left_is_swept_by_the_next_and_one_at_work_is_not(
    checkout: Checkout, seen: Path, running: subprocess.Popen[bytes]
) -> None:
    at_work = _leftovers(checkout)
    throwaway.sweep(checkout)
    assert _leftovers(checkout) == at_work
    os.kill(running.pid, signal.SIGKILL)
    running.wait()
    until(lambda: not [pid for pid in pids(seen) if is_running(pid)])
    assert _leftovers(checkout) == at_work
    throwaway.sweep(checkout)
    assert not _leftovers(checkout)
