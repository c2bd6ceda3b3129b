"""Counts wrong PINs of a person, on a device and of a program, under their locks."""

import json
from collections.abc import Iterator
from datetime import datetime
from typing import Any

from loyalty.base.values import StaffActor
from loyalty.db.roundtrip import Query, update
from loyalty.events.redemptions import PinClosedDetails
from loyalty.log.lines import log_line
from loyalty.models import PinGuard
from loyalty.redeeming import pin_entry
from loyalty.redeeming.validation_facts import WrongPins, guards


class PinGuards:
    """The guards of one try: ask, then `check`, and `count` when the PIN was wrong."""

    def __init__(self, actor: StaffActor, *, program_id: int, location_id: int) -> None:
        self._actor, self._program_id = actor, program_id
        self._location_id = location_id
        self._found = guards(actor.id, program_id, device_id=actor.device_id)
        self.queries = self._found.all

    def check(self, now: datetime) -> None:
        """Raise PinLocked while PIN entry is closed for this person, device or program."""
        for guard in self._by_time().values():
            pin_entry.check_person(_times(guard), now=now)
        program = self._found.program.only
        pin_entry.check_program(program.count, day=program.day, allowed=self._allowed(now), now=now)

    def count(self, now: datetime) -> list[Query[Any]]:
        """The statements that count one wrong PIN, and log each closure that it brings.

        `check` let this try pass, so all were open: what is closed now was closed by it, once.
        """
        program = self._found.program.only
        today = program.count + 1 if program.day == now.date() else 1
        return [
            *self._timed(now),
            update(PinGuard, program.id, day=now.date(), count=today),
            *self._program_closure(today, now),
        ]

    def _by_time(self) -> dict[str, WrongPins]:
        device = {"device": self._found.device.only} if self._found.device else {}
        return {"person": self._found.person.only, **device}

    def _timed(self, now: datetime) -> Iterator[Query[Any]]:
        for what, guard in self._by_time().items():
            wrong = [*_times(guard), now][-pin_entry.WRONG_AT_MOST :]
            yield update(PinGuard, guard.id, wrong={"at": [at.isoformat() for at in wrong]})
            until = pin_entry.person_closed_until(wrong, now=now)
            if until is not None:
                yield self._closed(what, until, now, wrong=len(wrong))

    def _program_closure(self, today: int, now: datetime) -> Iterator[Query[Any]]:
        allowed = self._allowed(now)
        until = pin_entry.program_closed_until(today, day=now.date(), allowed=allowed, now=now)
        if until is not None:
            yield self._closed("program", until, now, wrong=today)

    def _closed(self, what: str, until: datetime, now: datetime, *, wrong: int) -> Query[Any]:
        return log_line(
            PinClosedDetails(what, self._program_id, wrong=wrong, until=until),
            at=now,
            location_id=self._location_id,
            staff_id=self._actor.id,
            device_id=self._actor.device_id,
        )

    def _allowed(self, now: datetime) -> int:
        found = self._found.budget.only
        return pin_entry.budget(locations=found.locations, yesterday=found.yesterday(now))


def _times(guard: WrongPins) -> list[datetime]:
    return [datetime.fromisoformat(at) for at in json.loads(guard.wrong).get("at", [])]
