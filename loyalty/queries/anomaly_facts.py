"""What the review job reads of the log: lines since its last look, and what lies around them."""

from dataclasses import dataclass, replace
from datetime import datetime
from typing import Any, LiteralString

from django.db import connection

from loyalty import tokens
from loyalty.events import EventKind
from loyalty.models import Location
from loyalty.rules.review_log import (
    Collected,
    Confirmed,
    Held,
    Limits,
    Log,
    Minted,
    PinClosed,
    Place,
)

_LOOK: LiteralString = """
SELECT coalesce((SELECT event_id FROM loyalty_reviewmark), 0),
       coalesce((SELECT id FROM loyalty_event ORDER BY id DESC LIMIT 1), 0)
"""
_STOP: LiteralString = """
SELECT coalesce(max(id), 0) FROM (
  SELECT id FROM loyalty_event WHERE id > %s ORDER BY id LIMIT %s) e
"""
_EVENTS: LiteralString = """
SELECT kind, id, at, session_id, card_id, staff_id, location_id, customer_id,
       details ->> 'redemption', details ->> 'program', details ->> 'wrong', details ->> 'level',
       details ->> 'what', device_id
  FROM loyalty_event
 WHERE id > %s AND id <= %s AND kind = ANY(%s) ORDER BY id
"""
# Only what still counts, and what somebody rang up: an import is nobody's doing at the counter.
_COLLECTED: LiteralString = """
SELECT e.session_id, e.at, e.card_id, e.staff_id, e.location_id, s.program_id
  FROM loyalty_event e JOIN loyalty_earnsession s ON s.id = e.session_id
 WHERE e.card_id = ANY(%s) AND e.kind = 'collected' AND e.staff_id IS NOT NULL
   AND e.at >= %s AND e.id <= %s AND s.status = 'collected'
"""
_MINTED: LiteralString = """
SELECT id, created_at, staff_id FROM loyalty_earnsession
 WHERE staff_id = ANY(%s) AND created_at >= %s AND created_at <= %s AND status <> 'voided'
"""
# A rise that is still in question: its sale counts, and nobody let it go meanwhile.
_HELD: LiteralString = """
SELECT s.id FROM loyalty_earnsession s JOIN loyalty_customer c ON c.id = s.customer_id
 WHERE s.id = ANY(%s) AND s.status = 'collected' AND c.level_held_at IS NOT NULL
"""
_KINDS = [EventKind.MINTED, EventKind.COLLECTED, EventKind.CONFIRMED, EventKind.PIN_CLOSED]


@dataclass(frozen=True, slots=True)
class Line:
    """One line of the log as the review reads it."""

    kind: str
    id: int
    at: datetime
    session_id: int | None
    card_id: int | None
    staff_id: int | None
    location_id: int | None
    customer_id: int | None
    redemption: str | None
    program: str | None
    wrong: str | None
    level: str | None
    closed: str | None
    device_id: int | None


def is_there_news() -> bool:
    """True when the log has lines beyond the mark; one cheap statement."""
    ((mark, newest),) = _rows(_LOOK)
    return bool(newest > mark)


def end_of_run(mark: int, *, most: int) -> int:
    """The event with which a run ends that reads so many beyond the mark."""
    ((stop,),) = _rows(_STOP, mark, most)
    return max(mark, int(stop))


def log_between(mark: int, stop: int, *, limits: Limits) -> Log:
    """The log from shortly before the mark up to `stop`, for the rules.

    Lines written at once are committed in any order: some that lie before the mark could not be
    seen the last time.
    """
    start = mark - tokens.id_distance(limits.overlap)
    lines = [Line(*found) for found in _rows(_EVENTS, start, stop, _KINDS)]
    return _around(_said(lines), lines, stop, limits) if lines else Log()


def _rows(sql: LiteralString, *values: Any) -> list[tuple[Any, ...]]:
    # Not a prepared statement: its plan would be that of the day on which the worker started.
    with connection.cursor() as cursor:
        cursor.execute(sql, values)
        return list(cursor.fetchall())


def _said(lines: list[Line]) -> Log:
    collected = [each for each in lines if each.kind == EventKind.COLLECTED]
    return Log(
        confirmed=[
            Confirmed(int(each.redemption or 0), each.at, each.card_id or 0, *_where(each))
            for each in lines
            if each.kind == EventKind.CONFIRMED
        ],
        closures=[
            PinClosed(
                each.id,
                each.at,
                each.staff_id,
                int(each.program) if each.program else None,
                int(each.wrong or 0),
                each.location_id,
                is_of_program=each.closed == "program",
                is_of_device=each.closed == "device",
                device_id=each.device_id,
            )
            for each in lines
            if each.kind == EventKind.PIN_CLOSED
        ],
        held=[
            Held(each.session_id or 0, each.at, each.customer_id, each.card_id)
            for each in collected
            if each.level == "held" and each.customer_id
        ],
        fresh=frozenset(each.session_id for each in collected if each.session_id),
    )


def _where(line: Line) -> tuple[int | None, int | None]:
    return line.staff_id, line.location_id


def _around(log: Log, lines: list[Line], stop: int, limits: Limits) -> Log:
    looked_at = {EventKind.COLLECTED, EventKind.CONFIRMED}
    cards = {each.card_id for each in lines if each.kind in looked_at and each.card_id}
    people = {each.staff_id for each in lines if each.kind == EventKind.MINTED and each.staff_id}
    # A queued scan is written later than it happened.
    first = min((each.at for each in lines if each.kind in looked_at), default=lines[0].at)
    since = first - max(limits.often_within, limits.burst_within)
    taps = [each.at for each in lines if each.kind == EventKind.MINTED] or [lines[-1].at]
    collected = _rows(_COLLECTED, list(cards), since, stop)
    held = {found[0] for found in _rows(_HELD, [each.session_id for each in log.held])}
    minted = _rows(_MINTED, list(people), min(taps) - limits.volume_within, max(taps))
    places = {
        row.pk: Place(row.time_zone, row.opening_hours)
        for row in Location.objects.filter(opening_hours__isnull=False)
    }
    return replace(
        log,
        collected=[Collected(*found) for found in collected],
        minted=[Minted(*found) for found in minted],
        held=[each for each in log.held if each.session_id in held],
        places=places,
    )
