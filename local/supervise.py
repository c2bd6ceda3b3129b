"""Keeps services running until it is told to stop."""

import time
from collections.abc import Sequence
from dataclasses import dataclass

from local.errors import LocalError
from local.progress import say
from local.service import Service

_LONG_ENOUGH = 10.0
_LONGEST_PAUSE = 15.0


@dataclass
class _Watched:
    service: Service
    started: float = 0.0
    failures: int = 0
    pause_ends: float = 0.0

    def look(self) -> None:
        """Start the service again if it died: at once, later and later if it keeps dying."""
        now = time.monotonic()
        if self.pause_ends:
            if now >= self.pause_ends:
                self._start()
        elif not self.service.alive():
            lived_long = now - self.started > _LONG_ENOUGH
            self.failures = 0 if lived_long else self.failures + 1
            pause = min(2.0 ** (self.failures - 1), _LONGEST_PAUSE) if self.failures > 1 else 0
            self._announce(pause)
            self.pause_ends = now + pause

    def _announce(self, pause: float) -> None:
        when = f"in {pause:.0f} s" if pause else "at once"
        say(f"{self.service.name} died; starting it again {when} ({self.service.log})")

    def _start(self) -> None:
        self.pause_ends = 0.0
        self.started = time.monotonic()
        try:
            self.service.start()
        except LocalError as problem:
            say(str(problem))


class Supervisor:
    """Services in the order in which they stop."""

    def __init__(self, services: Sequence[Service]) -> None:
        self._watched = [_Watched(service) for service in services]

    def start(self) -> None:
        """Start them all, the last first."""
        for each in reversed(self._watched):
            each.started = time.monotonic()
            each.service.start()

    def look(self) -> None:
        """Start again what died since the last look."""
        for each in self._watched:
            each.look()

    def stop(self) -> None:
        """Stop them all, the first first."""
        for each in self._watched:
            each.service.stop()
