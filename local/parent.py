"""The process that started us, such as make."""

import os
import signal
from pathlib import Path


class Parent:
    """Anybody who started this process."""

    def __init__(self) -> None:
        self._pid = os.getppid()
        self._caught_interrupts = self._catches_interrupts()

    def wants_an_end(self) -> bool:
        """Whether it died, or was interrupted and only waits for us.

        make that gets SIGINT, but not as part of a terminal's Ctrl-C, tells nobody: it restores
        the signal's default and waits until its children end, which ours never would.
        """
        gone = os.getppid() != self._pid
        return gone or (self._caught_interrupts and not self._catches_interrupts())

    def _catches_interrupts(self) -> bool:
        try:
            lines = Path(f"/proc/{self._pid}/status").read_text(encoding="utf-8").splitlines()
        except OSError:
            return False
        caught = next((line for line in lines if line.startswith("SigCgt:")), "SigCgt: 0")
        return bool(int(caught.split()[1], 16) & 1 << (signal.SIGINT - 1))
