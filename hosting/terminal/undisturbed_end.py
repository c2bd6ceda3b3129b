"""Ctrl-C stops an import, but not its last moment."""

import signal
import threading
from collections.abc import Callable, Iterator
from contextlib import contextmanager


@contextmanager
def undisturbed_end() -> Iterator[Callable[[], None]]:
    """After a call of what it yields, an interruption is passed over until the block ends.

    Anybody who interrupts a commit cannot be told whether it was done.
    """
    before = signal.getsignal(signal.SIGINT)

    def end() -> None:
        # Only the main thread hears of signals.
        if threading.current_thread() is threading.main_thread():
            signal.signal(signal.SIGINT, signal.SIG_IGN)

    try:
        yield end
    finally:
        if signal.getsignal(signal.SIGINT) is signal.SIG_IGN and before is not signal.SIG_IGN:
            signal.signal(signal.SIGINT, before)
