"""What clients were told, and what they will never know: the other half of every check."""

import threading
import time
from collections import Counter
from dataclasses import dataclass, field
from typing import Any

Answer = dict[str, Any]
Deed = tuple[str, str]


@dataclass
class Notes:
    """Filled by many clients at once, read when all of them have ended.

    `told` holds the first answer to each deed (what was done, to what); every later one must be
    the same. `unknown` are deeds that somebody gave up, having sent them and heard nothing.
    """

    told: dict[Deed, Answer] = field(default_factory=dict)
    unknown: Counter[Deed] = field(default_factory=Counter)
    answers: Counter[str] = field(default_factory=Counter)
    wrong: list[str] = field(default_factory=list)
    operations: int = 0
    ambiguous: int = 0
    _changed: threading.Condition = field(default_factory=threading.Condition)
    _last: float = 0.0

    def answered(self, what: str, answer: Answer) -> None:
        """One operation has got its answer."""
        with self._changed:
            self.operations += 1
            self.answers[f"{what}: {answer.get('code') or answer['__typename']}"] += 1
            self._last = time.monotonic()
            self._changed.notify_all()

    def unsure(self, times: int) -> None:
        """So many tries of one operation were sent, and may have been done."""
        with self._changed:
            self.ambiguous += times

    def gave_up(self, what: str, which: str) -> None:
        """Nobody will ever ask for this answer again."""
        with self._changed:
            self.operations += 1
            self.unknown[what, which] += 1
            self._changed.notify_all()

    def keep(self, what: str, which: str, answer: Answer) -> None:
        """Remember what was acknowledged; an earlier answer to the same must have been this one."""
        with self._changed:
            earlier = self.told.setdefault((what, which), answer)
            if earlier != answer:
                self.wrong.append(f"{what} {which}: {earlier}, then {answer}")

    def complain(self, problem: str) -> None:
        """Something that no client should ever see."""
        with self._changed:
            self.wrong.append(problem)

    def all_told(self, what: str) -> dict[str, Answer]:
        """The answers to one kind of deed, by what it was done to."""
        with self._changed:
            return {which: answer for (kind, which), answer in self.told.items() if kind == what}

    def wait_for(self, operations: int, *, patience: float) -> bool:
        """Whether so many operations were reached in so many seconds."""
        with self._changed:
            return self._changed.wait_for(lambda: self.operations >= operations, patience)

    def next_answer(self, *, patience: float) -> float:
        """Seconds until some client is answered again; raises TimeoutError."""
        began = time.monotonic()
        with self._changed:
            if not self._changed.wait_for(lambda: self._last > began, patience):
                raise TimeoutError
            return self._last - began
