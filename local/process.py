"""Starts programs that end with us, and ends them with all that they started."""

import contextlib
import os
import signal
import subprocess
import sys
from collections.abc import Mapping, Sequence
from pathlib import Path
from typing import IO

from local.account import Account

_LEASH = Path(__file__).with_name("leash.py")


def spawn(  # noqa: PLR0913 - what a process is made of
    command: Sequence[str],
    *,
    folder: Path,
    stdin: int | None = subprocess.DEVNULL,
    output: int | IO[bytes] | None = None,
    errors: int | IO[bytes] | None = None,
    environment: Mapping[str, str] | None = None,
    account: Account | None = None,
    death: signal.Signals = signal.SIGTERM,
) -> subprocess.Popen[bytes]:
    """A program at the head of its own group; it gets `death` when this thread ends (Linux).

    It cannot read from the terminal unless `stdin` is None, which keeps it in our session.
    """
    identity = f"{account.uid}:{account.gid}" if account else ""
    leash = [sys.executable, "-I", "-S", str(_LEASH), str(os.getpid()), str(int(death)), identity]
    return subprocess.Popen(
        [*leash, *command],
        cwd=folder,
        env=environment,
        stdin=stdin,
        stdout=output,
        stderr=errors or (output and subprocess.STDOUT),
        start_new_session=stdin is not None,
        process_group=0 if stdin is None else None,
    )


def run(
    command: Sequence[str],
    *,
    folder: Path,
    output: IO[bytes] | None = None,
    environment: Mapping[str, str] | None = None,
) -> int:
    """The exit code of a program; whatever interrupts us ends it too."""
    process = spawn(command, folder=folder, output=output, environment=environment)
    try:
        return process.wait()
    finally:
        end(process)


def end(
    process: subprocess.Popen[bytes],
    ask: signal.Signals = signal.SIGTERM,
    patience: float = 5.0,
) -> None:
    """Ask the program to stop, wait, then kill what is left of its group."""
    if process.poll() is None:
        process.send_signal(ask)
        with contextlib.suppress(subprocess.TimeoutExpired):
            process.wait(patience)
    with contextlib.suppress(ProcessLookupError, PermissionError):
        os.killpg(process.pid, signal.SIGKILL)
    process.wait()
