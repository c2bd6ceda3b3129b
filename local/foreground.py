"""Runs a program that may talk with the person at the terminal, such as a debugger in a test."""

import contextlib
import os
import signal
import subprocess
import sys
from collections.abc import Iterator, Mapping, Sequence
from pathlib import Path

from local import process

_PATIENCE = 15.0


def run(command: Sequence[str], folder: Path, environment: Mapping[str, str]) -> int:
    """The exit code of the program; it has the terminal, Ctrl-C included, while it runs."""
    terminal = _in_front()
    child = process.spawn(
        command,
        folder=folder,
        environment={**os.environ, **environment},
        stdin=None if terminal else subprocess.DEVNULL,
    )
    try:
        with _terminal_given_to(child.pid) if terminal else contextlib.nullcontext():
            code = child.wait()
    finally:
        process.end(child, signal.SIGINT, _PATIENCE)
    return code if code >= 0 else 128 - code


def _in_front() -> bool:
    try:
        return sys.stdin.isatty() and os.tcgetpgrp(sys.stdin.fileno()) == os.getpgrp()
    except OSError:
        return False


@contextlib.contextmanager
def _terminal_given_to(group: int) -> Iterator[None]:
    before = signal.signal(signal.SIGTTOU, signal.SIG_IGN)
    terminal = sys.stdin.fileno()
    try:
        with contextlib.suppress(OSError):
            os.tcsetpgrp(terminal, group)
        yield
    finally:
        # We are in the background now: without ignoring SIGTTOU this would stop us.
        with contextlib.suppress(OSError):
            os.tcsetpgrp(terminal, os.getpgrp())
        signal.signal(signal.SIGTTOU, before)
