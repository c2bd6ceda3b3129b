"""Kills at random moments of a run, and everything comes back while the run goes on."""

import threading
from collections import defaultdict
from collections.abc import Sequence
from concurrent.futures import Future, ThreadPoolExecutor
from dataclasses import dataclass, field
from random import Random

from tests.crash.notes import Notes
from tests.crash.victims import Victim, until


@dataclass
class Killer:
    """Spreads `kills` over `operations`; several may be down at the same moment.

    A group of victims is one thing in two guises, such as Postgres by its postmaster or by one of
    its processes: only one of them is killed at a time.
    """

    groups: Sequence[Sequence[Victim]]
    random: Random
    kills: int
    operations: int
    seconds: defaultdict[str, list[float]] = field(default_factory=lambda: defaultdict(list))
    struck: int = 0
    _down: dict[int, Future[None]] = field(default_factory=dict)
    _stopped: threading.Event = field(default_factory=threading.Event)
    _allowed: threading.Condition = field(default_factory=threading.Condition)

    def run(self, notes: Notes) -> None:
        """Strike until all kills are done and everything is up again."""
        share = self.operations / (self.kills + 1)
        try:
            with ThreadPoolExecutor(len(self.groups)) as pool:
                for number in range(self.kills):
                    moment = int(share * (number + self.random.random()))
                    while not notes.wait_for(moment, patience=1):
                        if self._stopped.is_set():
                            return
                    self._strike(pool)
                for recovery in self._down.values():
                    recovery.result()
        finally:
            self.stop()

    def stop(self) -> None:
        """No kill any more, and nobody waits for one."""
        with self._allowed:
            self._stopped.set()
            self._allowed.notify_all()

    def may_go_on(self, notes: Notes) -> bool:
        """False once the run is over; waits while the clients are ahead of the kills."""
        share = self.operations / (self.kills + 1)
        with self._allowed:
            self._allowed.wait_for(
                lambda: self._stopped.is_set() or notes.operations < share * (self.struck + 2)
            )
        return notes.operations < self.operations or not self._stopped.is_set()

    def _strike(self, pool: ThreadPoolExecutor) -> None:
        until(lambda: bool(self._standing()))
        which = self.random.choice(self._standing())
        if which in self._down:
            self._down[which].result()
        victim = self.random.choice(self.groups[which])
        self._down[which] = pool.submit(self._kill, victim)
        with self._allowed:
            self.struck += 1
            self._allowed.notify_all()

    def _standing(self) -> list[int]:
        return [n for n in range(len(self.groups)) if n not in self._down or self._down[n].done()]

    def _kill(self, victim: Victim) -> None:
        victim.kill()
        self.seconds[victim.name].append(victim.revive())
