"""Counts wrong PINs of a person and of a program, under their locks."""

import json
import secrets
from datetime import datetime
from typing import Any

from loyalty import tokens
from loyalty.errors import PinLocked
from loyalty.events import EventKind
from loyalty.models import Event, PinGuard
from loyalty.policies import pin_entry
from loyalty.queries.validation_facts import Guard, guards
from loyalty.trip import Ask, insert, update


class PinGuards:
    """The guards of one try: ask, then `check`, and `count` when the PIN was wrong."""

    def __init__(self, *, staff_id: int, program_id: int) -> None:
        self._staff_id, self._program_id = staff_id, program_id
        self.asks = guards(staff_id, program_id)

    def check(self, now: datetime) -> None:
        """Raise PinLocked while PIN entry is closed for this person or program."""
        person, program = self._rows()
        locations, yesterday = self.asks[3].only
        allowed = pin_entry.budget(locations=locations, yesterday=yesterday)
        pin_entry.check_person(_times(person), now=now)
        pin_entry.check_program(program.count, day=program.day, allowed=allowed, now=now)

    def count(self, now: datetime) -> list[Ask[Any]]:
        """The statements that count one wrong PIN, and log it when that closes PIN entry."""
        person, program = self._rows()
        wrong = [*_times(person), now][-pin_entry.WRONG_AT_MOST :]
        today = program.day == now.date()
        return [
            update(PinGuard, person.id, wrong={"at": [at.isoformat() for at in wrong]}),
            update(
                PinGuard,
                program.id,
                day=now.date(),
                count=program.count + 1 if today else 1,
            ),
            *self._closed(wrong, now),
        ]

    def _closed(self, wrong: list[datetime], now: datetime) -> list[Ask[Any]]:
        try:
            pin_entry.check_person(wrong, now=now)
        except PinLocked:
            return [
                insert(
                    Event,
                    id=tokens.ordered_id(now, random=secrets.randbits(21)),
                    kind=EventKind.PIN_CLOSED,
                    at=now,
                    staff_id=self._staff_id,
                    details={"program": self._program_id, "wrong": len(wrong)},
                )
            ]
        return []

    def _rows(self) -> tuple[Guard, Guard]:
        return self.asks[1].only, self.asks[2].only


def _times(guard: Guard) -> list[datetime]:
    return [datetime.fromisoformat(at) for at in json.loads(guard.wrong).get("at", [])]
