"""For whom PIN entry is closed now, whatever the program (docs/rules.md#redeeming)."""

from collections.abc import Iterator
from dataclasses import dataclass
from datetime import datetime
from typing import TypeVar

from django.db.models import Model, Q, QuerySet

from loyalty.base import access
from loyalty.base.access import Permission
from loyalty.base.values import Actor
from loyalty.db.roundtrip import database_now
from loyalty.models import Device, PinGuard, StaffMember
from loyalty.redeeming import pin_entry

M = TypeVar("M", bound=Model)
_PERSON, _DEVICE = "staff:", "device:"


@dataclass(frozen=True, slots=True)
class PinClosure:
    """A person or a device, and when PIN entry opens for them by itself."""

    until: datetime
    staff: StaffMember | None = None
    device: Device | None = None


def pin_closures(*, actor: Actor) -> list[PinClosure]:
    """People who work here and devices in use, the first to open first; no programs."""
    access.require(actor, Permission.REOPEN_PINS)
    now = database_now()
    guards = PinGuard.objects.filter(Q(what__startswith=_PERSON) | Q(what__startswith=_DEVICE))
    until = {
        what: end
        for what, wrong in guards.values_list("what", "wrong")
        if (end := _end(wrong, now))
    }
    people = _found(StaffMember.objects.filter(is_active=True), until, prefix=_PERSON)
    devices = _found(Device.objects.filter(revoked_at=None), until, prefix=_DEVICE)
    found = [
        *(PinClosure(end, staff=row) for row, end in people),
        *(PinClosure(end, device=row) for row, end in devices),
    ]
    return sorted(found, key=lambda each: each.until)


def _end(wrong: dict[str, list[str]], now: datetime) -> datetime | None:
    times = [datetime.fromisoformat(at) for at in wrong.get("at", [])]
    return pin_entry.person_closed_until(times, now=now)


def _found(
    rows: QuerySet[M], until: dict[str, datetime], *, prefix: str
) -> Iterator[tuple[M, datetime]]:
    ends = {
        int(what.removeprefix(prefix)): end
        for what, end in until.items()
        if what.startswith(prefix)
    }
    for row in rows.filter(pk__in=ends):
        yield row, ends[row.pk]
