"""Counts wrong PINs of a person and of a program, under their locks."""

import json
import secrets
from collections.abc import Iterator
from datetime import datetime
from typing import Any

from loyalty import tokens
from loyalty.events import EventKind
from loyalty.models import Event, PinGuard
from loyalty.policies import pin_entry
from loyalty.queries.validation_facts import Guard, guards
from loyalty.trip import Ask, insert, update


class PinGuards:
    """The guards of one try: ask, then `check`, and `count` when the PIN was wrong."""

    def __init__(self, *, staff_id: int, program_id: int, location_id: int) -> None:
        self._staff_id, self._program_id = staff_id, program_id
        self._location_id = location_id
        self.asks = guards(staff_id, program_id)

    def check(self, now: datetime) -> None:
        """Raise PinLocked while PIN entry is closed for this person or program."""
        person, program = self._rows()
        pin_entry.check_person(_times(person), now=now)
        pin_entry.check_program(program.count, day=program.day, allowed=self._allowed(), now=now)

    def count(self, now: datetime) -> list[Ask[Any]]:
        """The statements that count one wrong PIN, and log each closure that it brings.

        `check` let this try pass, so both were open: what is closed now was closed by it, once.
        """
        person, program = self._rows()
        wrong = [*_times(person), now][-pin_entry.WRONG_AT_MOST :]
        today = program.count + 1 if program.day == now.date() else 1
        return [
            update(PinGuard, person.id, wrong={"at": [at.isoformat() for at in wrong]}),
            update(PinGuard, program.id, day=now.date(), count=today),
            *self._closures(wrong, today, now),
        ]

    def _closures(self, wrong: list[datetime], today: int, now: datetime) -> Iterator[Ask[Any]]:
        until = pin_entry.person_closed_until(wrong, now=now)
        if until is not None:
            yield self._closed("person", until, now, wrong=len(wrong))
        allowed = self._allowed()
        until = pin_entry.program_closed_until(today, day=now.date(), allowed=allowed, now=now)
        if until is not None:
            yield self._closed("program", until, now, wrong=today)

    def _closed(self, what: str, until: datetime, now: datetime, *, wrong: int) -> Ask[Any]:
        return insert(
            Event,
            id=tokens.ordered_id(now, random=secrets.randbits(21)),
            kind=EventKind.PIN_CLOSED,
            at=now,
            location_id=self._location_id,
            staff_id=self._staff_id,
            details={
                "what": what,
                "program": self._program_id,
                "wrong": wrong,
                "until": until.isoformat(),
            },
        )

    def _allowed(self) -> int:
        locations, yesterday = self.asks[3].only
        return pin_entry.budget(locations=locations, yesterday=yesterday)

    def _rows(self) -> tuple[Guard, Guard]:
        return self.asks[1].only, self.asks[2].only


def _times(guard: Guard) -> list[datetime]:
    return [datetime.fromisoformat(at) for at in json.loads(guard.wrong).get("at", [])]
