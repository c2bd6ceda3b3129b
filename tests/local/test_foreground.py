"""A program run from a terminal has that terminal, and Ctrl-C reaches it alone."""

import subprocess
import sys

from local.checkout import Checkout

_CHILD = """
import os, sys
try:
    print("in front", os.tcgetpgrp(0) == os.getpgrp(), flush=True)
    input()
except KeyboardInterrupt:
    print("interrupted", flush=True)
    sys.exit(5)
"""
_PARENT = f"""
import pathlib, sys
from local import foreground
code = foreground.run([sys.executable, "-c", {_CHILD!r}], pathlib.Path.cwd(), {{}})
print("code", code, flush=True)
print(input(), flush=True)
"""
# Anybody who runs the tests in the background ignores Ctrl-C for all of us; a handler undoes that.
_TERMINAL = (
    "import pty, signal, sys; signal.signal(signal.SIGINT, signal.default_int_handler);"
    f" pty.spawn([sys.executable, '-c', {_PARENT!r}])"
)


def test_the_terminal_is_lent_and_given_back() -> None:
    with subprocess.Popen(
        [sys.executable, "-c", _TERMINAL],
        cwd=Checkout.here().root,
        stdin=subprocess.PIPE,
        stdout=subprocess.PIPE,
    ) as terminal:
        try:
            said = _conversation(terminal)
        finally:
            terminal.kill()
    assert said.split() == [b"mine", b"again"] * 2


def _conversation(terminal: subprocess.Popen[bytes]) -> bytes:
    assert terminal.stdin is not None
    assert terminal.stdout is not None
    assert terminal.stdout.readline().strip() == b"in front True"
    terminal.stdin.write(b"\x03")
    terminal.stdin.flush()
    assert terminal.stdout.readline().strip().endswith(b"interrupted")
    assert terminal.stdout.readline().strip() == b"code 5"
    said, _ = terminal.communicate(b"mine again\n", timeout=10)
    return said


def test_without_a_terminal_there_is_nothing_to_read() -> None:
    ended = subprocess.run(
        [sys.executable, "-c", _PARENT],
        cwd=Checkout.here().root,
        check=False,
        input=b"for us\n",
        capture_output=True,
    )
    assert ended.stdout.endswith(b"code 1\nfor us\n")
