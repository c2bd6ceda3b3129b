"""Short lines that say what goes on."""

import contextlib
import time
from collections.abc import Iterator


def say(text: str) -> None:
    """Show a line; a terminal that went away is no reason to stop."""
    _show(text, end="\n")


@contextlib.contextmanager
def step(text: str) -> Iterator[None]:
    """Show what begins now and, at its end, the seconds it took."""
    started = time.monotonic()
    _show(f"{text} … ", end="")
    yield
    say(f"{time.monotonic() - started:.1f} s")


def _show(text: str, end: str) -> None:
    with contextlib.suppress(OSError):
        print(text, end=end, flush=True)
