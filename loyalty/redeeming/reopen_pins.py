"""A manager opens a program's PIN entry again after its day's budget closed it.

Rules: docs/rules.md#redeeming.
"""

from dataclasses import dataclass
from datetime import datetime
from typing import Any

from loyalty.base import access
from loyalty.base.access import Permission
from loyalty.base.errors import NotFound
from loyalty.base.values import StaffActor
from loyalty.db.database_errors import retry_once
from loyalty.db.roundtrip import Query, clock, transaction, update
from loyalty.events.redemptions import PinReopenedDetails
from loyalty.guards.idempotency import RepeatableRequest
from loyalty.log.lines import log_line
from loyalty.models import PinGuard
from loyalty.redeeming import pin_entry
from loyalty.redeeming.validation_facts import WrongPins, budget, program_guard


@dataclass(frozen=True, slots=True)
class PinReopening:
    """PIN entry is open; so many wrong PINs close it again before midnight in UTC."""

    program_id: int
    tries: int


@retry_once
def reopen_pins(
    program_id: int, *, actor: StaffActor, idempotency_key: str | None = None
) -> PinReopening:
    """The open PIN entry, with a whole new budget when it was closed; asked again, the same.

    A day is a day in UTC, as for the budget. What closed entry for a person stays as it is.
    Raises NotFound or KeyReused.
    """
    access.require(actor, Permission.REOPEN_PINS)
    repeatable = RepeatableRequest(
        idempotency_key, actor=actor.key, wanted=lambda: {"reopen": program_id}
    )
    program = Query[tuple[int]]("SELECT 1 FROM loyalty_program WHERE id = %s", [program_id])
    with transaction() as tx:
        # The guard's row: a wrong PIN that is judged now is counted before or after, and of two
        # managers the second finds it open.
        guard, numbers, now = program_guard(program_id), budget(program_id), clock()
        tx.send(guard, numbers, *repeatable.queries(), program, now)
        earlier = repeatable.earlier_answer(now=now.only)
        if program.first is None:
            raise NotFound
        if earlier is not None:
            return PinReopening(program_id, int(earlier["tries"]))
        found, yesterday = numbers.only, numbers.only.yesterday(now.only)
        allowed = pin_entry.budget(locations=found.locations, yesterday=yesterday)
        left, writes = _opened(guard.first, program_id, allowed, actor, now=now.only)
        tx.finish(*writes, *repeatable.keep({"tries": left}, now=now.only))
    return PinReopening(program_id, left)


def _opened(
    guard: WrongPins | None, program_id: int, allowed: int, actor: StaffActor, *, now: datetime
) -> tuple[int, list[Query[Any]]]:
    """How many wrong PINs are left from now on, and the statements that make it so."""
    if guard is None or guard.day != now.date():
        return allowed, []
    until = pin_entry.program_closed_until(guard.count, day=guard.day, allowed=allowed, now=now)
    if until is None:
        return allowed - guard.count, []
    event = log_line(
        PinReopenedDetails(program_id, wrong=guard.count, until=until),
        at=now,
        staff_id=actor.id,
        device_id=actor.device_id,
    )
    return allowed, [update(PinGuard, guard.id, count=0), event]
