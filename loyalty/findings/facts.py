"""What the review job reads of the log: lines since its last look, and what lies around them."""

import json
from collections.abc import Iterable, Sequence
from dataclasses import dataclass, replace
from datetime import datetime
from typing import Any, LiteralString

from django.db import connection

from loyalty.base import exempt, tokens
from loyalty.base.events import EventKind
from loyalty.events.details import EventDetails
from loyalty.events.redemptions import ConfirmedDetails, PinClosedDetails
from loyalty.events.registry import details_of
from loyalty.events.sales import CollectedDetails
from loyalty.findings.review_log import (
    CollectRecord,
    ConfirmationRecord,
    HeldRiseRecord,
    LocationHours,
    MintRecord,
    PinClosureRecord,
    ReviewLimits,
    ReviewLog,
)
from loyalty.models import Location

# As the index `event_reviewed` says: anybody who imported a million lines has no news by that.
_REVIEWED: LiteralString = (
    "(kind IN ('minted', 'confirmed', 'pin_closed')"
    " OR (kind = 'collected' AND staff_id IS NOT NULL))"
)
_LOOK: LiteralString = f"""
SELECT coalesce((SELECT event_id FROM loyalty_reviewmark), 0),
       coalesce((SELECT id FROM loyalty_event WHERE {_REVIEWED} ORDER BY id DESC LIMIT 1), 0)
"""  # noqa: S608  our own condition
_STOP: LiteralString = f"""
SELECT coalesce(max(id), 0) FROM (
  SELECT id FROM loyalty_event WHERE {_REVIEWED} AND id > %s ORDER BY id LIMIT %s) e
"""  # noqa: S608  the same
_EVENTS: LiteralString = f"""
SELECT kind, id, at, session_id, card_id, staff_id, location_id, customer_id, device_id, details
  FROM loyalty_event WHERE {_REVIEWED} AND id > %s AND id <= %s ORDER BY id
"""  # noqa: S608  the same
# Each statement looks one table up by its keys: a join may be planned row by row where the planner
# has not yet heard of what a table holds.
_COLLECTED: LiteralString = """
SELECT session_id, at, card_id, staff_id, location_id FROM loyalty_event
 WHERE card_id = ANY(%s) AND kind = 'collected' AND staff_id IS NOT NULL
   AND at >= %s AND id <= %s
"""
# A card's customer, and all cards of all addresses of somebody who has several.
_OWNERS: LiteralString = "SELECT id, customer_id FROM loyalty_card WHERE id = ANY(%s)"
_PERSONS: LiteralString = "SELECT id, person FROM loyalty_customer WHERE id = ANY(%s)"
_ADDRESSES: LiteralString = "SELECT id, person FROM loyalty_customer WHERE person = ANY(%s)"
_CARDS: LiteralString = "SELECT id, customer_id FROM loyalty_card WHERE customer_id = ANY(%s)"
_COUNTING: LiteralString = """
SELECT id, program_id, customer_id FROM loyalty_earnsession
 WHERE id = ANY(%s) AND status = 'collected'
"""
_MINTED: LiteralString = """
SELECT id, created_at, staff_id FROM loyalty_earnsession
 WHERE staff_id = ANY(%s) AND created_at >= %s AND created_at <= %s AND status <> 'voided'
"""
_HELD: LiteralString = """
SELECT id FROM loyalty_customer WHERE id = ANY(%s) AND level_held_at IS NOT NULL
"""


@dataclass(frozen=True, slots=True)
class LogLine:
    """One line of the log as the review reads it."""

    kind: str
    id: int
    at: datetime
    session_id: int | None
    card_id: int | None
    staff_id: int | None
    location_id: int | None
    customer_id: int | None
    device_id: int | None
    details: EventDetails


@exempt.for_operators("the cluster asks whether there is work")
def is_there_news() -> bool:
    """True when the log has lines to review beyond the mark; one cheap statement."""
    ((mark, newest),) = _rows(_LOOK)
    return bool(newest > mark)


def end_of_run(mark: int, *, most: int) -> int:
    """The event with which a run ends that reads so many beyond the mark."""
    ((stop,),) = _rows(_STOP, mark, most)
    return max(mark, int(stop))


def log_between(mark: int, stop: int, *, limits: ReviewLimits) -> ReviewLog:
    """The log from shortly before the mark up to `stop`, for the rules.

    Lines written at once are committed in any order: some that lie before the mark could not be
    seen the last time.
    """
    start = mark - tokens.id_distance(limits.overlap)
    lines = [_line(found) for found in _rows(_EVENTS, start, stop)]
    return _around(_said(lines), lines, stop, limits) if lines else ReviewLog()


def _rows(sql: LiteralString, *values: Any) -> list[tuple[Any, ...]]:
    # Not a prepared statement: its plan would be that of the day on which the worker started.
    with connection.cursor() as cursor:
        cursor.execute(sql, values)
        return list(cursor.fetchall())


def _line(found: tuple[Any, ...]) -> LogLine:
    details = details_of(found[0], json.loads(found[-1] or "{}"))
    return LogLine(*(*found[:-1], details))


def _said(lines: list[LogLine]) -> ReviewLog:
    confirmed, closures, held = [], [], []
    for each in lines:
        match each.details:
            case ConfirmedDetails() as details:
                confirmed.append(_confirmation(each, details))
            case PinClosedDetails() as details:
                closures.append(_closure(each, details))
            case CollectedDetails(is_level_held=True) if each.customer_id:
                session_id = each.session_id or 0
                held.append(HeldRiseRecord(session_id, each.at, each.customer_id, each.card_id))
    collected = (each.session_id for each in lines if each.kind == EventKind.COLLECTED)
    return ReviewLog(
        confirmed=confirmed,
        closures=closures,
        held=held,
        fresh=frozenset(number for number in collected if number),
    )


def _confirmation(line: LogLine, details: ConfirmedDetails) -> ConfirmationRecord:
    where = (line.staff_id, line.location_id)
    return ConfirmationRecord(details.redemption, line.at, line.card_id or 0, *where)


def _closure(line: LogLine, details: PinClosedDetails) -> PinClosureRecord:
    return PinClosureRecord(
        line.id,
        line.at,
        line.staff_id,
        details.program,
        details.wrong,
        line.location_id,
        is_of_program=details.what == "program",
        is_of_device=details.what == "device",
        device_id=line.device_id,
    )


def _around(log: ReviewLog, lines: list[LogLine], stop: int, limits: ReviewLimits) -> ReviewLog:
    looked_at = {EventKind.COLLECTED, EventKind.CONFIRMED}
    cards = {each.card_id for each in lines if each.kind in looked_at and each.card_id}
    people = {each.staff_id for each in lines if each.kind == EventKind.MINTED and each.staff_id}
    # A queued scan is written later than it happened.
    first = min((each.at for each in lines if each.kind in looked_at), default=lines[0].at)
    since = first - max(limits.often_within, limits.burst_within)
    taps = [each.at for each in lines if each.kind == EventKind.MINTED] or [lines[-1].at]
    minted = _rows(_MINTED, list(people), min(taps) - limits.volume_within, max(taps))
    places = {
        row.pk: LocationHours(row.time_zone, row.opening_hours)
        for row in Location.objects.filter(opening_hours__isnull=False)
    }
    return replace(
        log,
        collected=_collected(cards, since, stop),
        minted=[MintRecord(*found) for found in minted],
        held=_held(log.held),
        places=places,
    )


def _collected(cards: Iterable[int], since: datetime, stop: int) -> list[CollectRecord]:
    # Only what still counts, and what somebody rang up.
    people = _people(cards)
    rows = _rows(_COLLECTED, list(people), since, stop)
    programs = {number: program for number, program, _ in _counting(row[0] for row in rows)}
    return [
        CollectRecord(session, at, card, people[card], staff, location, programs[session])
        for session, at, card, staff, location in rows
        if session in programs
    ]


def _people(cards: Iterable[int]) -> dict[int, int]:
    """By card whose it is, for these cards and those of the same people's other addresses."""
    owners = {card: owner for card, owner in _rows(_OWNERS, list(cards)) if owner is not None}
    persons = dict(_rows(_PERSONS, list(set(owners.values()))))
    shared = list({person for person in persons.values() if person is not None})
    if shared:
        persons |= dict(_rows(_ADDRESSES, shared))
        owners |= dict(_rows(_CARDS, list(persons)))
    # Anybody who has no person stands alone.
    return {card: persons.get(owner) or owner for card, owner in owners.items()}


def _held(rises: Sequence[HeldRiseRecord]) -> list[HeldRiseRecord]:
    # Still in question: its sale counts, and nobody let it go meanwhile.
    owners = {number: owner for number, _, owner in _counting(each.session_id for each in rises)}
    held = {row[0] for row in _rows(_HELD, list(owners.values()))} if owners else set()
    return [each for each in rises if owners.get(each.session_id) in held]


def _counting(sessions: Iterable[int]) -> list[tuple[Any, ...]]:
    wanted = list(sessions)
    return _rows(_COUNTING, wanted) if wanted else []
