"""What the review job reads of the log: lines since its last look, and what lies around them."""

import json
from collections.abc import Iterable, Sequence
from dataclasses import replace
from datetime import datetime
from typing import Any, LiteralString, NamedTuple, TypeVar

from django.db import connection

from loyalty.base import exempt, tokens
from loyalty.base.events import EventKind
from loyalty.db.columns import Columns, columns
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

R = TypeVar("R")

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
# Each statement looks one table up by its keys: a join may be planned row by row where the planner
# has not yet heard of what a table holds.
# A card's customer, and all cards of all addresses of somebody who has several.
_OWNERS: LiteralString = "SELECT id, customer_id FROM loyalty_card WHERE id = ANY(%s)"
_PERSONS: LiteralString = "SELECT id, person FROM loyalty_customer WHERE id = ANY(%s)"
_ADDRESSES: LiteralString = "SELECT id, person FROM loyalty_customer WHERE person = ANY(%s)"
_CARDS: LiteralString = "SELECT id, customer_id FROM loyalty_card WHERE customer_id = ANY(%s)"
_HELD: LiteralString = """
SELECT id FROM loyalty_customer WHERE id = ANY(%s) AND level_held_at IS NOT NULL
"""


class LogLine(NamedTuple):
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
    stored_details: str | None

    @property
    def details(self) -> EventDetails:
        """What the line says."""
        return details_of(self.kind, json.loads(self.stored_details or "{}"))


class CollectedLine(NamedTuple):
    """A collect of the log that somebody rang up."""

    session_id: int
    at: datetime
    card_id: int
    staff_id: int
    location_id: int


class CountingSale(NamedTuple):
    """A sale that still counts."""

    id: int
    program_id: int
    customer_id: int


_LINE = columns(LogLine, "e", stored_details="e.details")
_EVENTS: LiteralString = f"""
SELECT {_LINE.sql}
  FROM loyalty_event e WHERE {_REVIEWED} AND id > %s AND id <= %s ORDER BY id
"""  # noqa: S608  our own columns and condition
_COLLECT = columns(CollectedLine, "e")
_COLLECTED: LiteralString = f"""
SELECT {_COLLECT.sql} FROM loyalty_event e
 WHERE e.card_id = ANY(%s) AND e.kind = 'collected' AND e.staff_id IS NOT NULL
   AND e.at >= %s AND e.id <= %s
"""  # noqa: S608  our own columns
_SALE = columns(CountingSale, "s")
_COUNTING: LiteralString = f"""
SELECT {_SALE.sql} FROM loyalty_earnsession s
 WHERE s.id = ANY(%s) AND s.status = 'collected'
"""  # noqa: S608  the same
_TAP = columns(MintRecord, "s", session_id="s.id", at="s.created_at")
_MINTED: LiteralString = f"""
SELECT {_TAP.sql} FROM loyalty_earnsession s
 WHERE s.staff_id = ANY(%s) AND s.created_at >= %s AND s.created_at <= %s AND s.status <> 'voided'
"""  # noqa: S608  the same


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
    lines = _named(_LINE, _EVENTS, start, stop)
    return _around(_said(lines), lines, stop, limits) if lines else ReviewLog()


def _named(row: Columns[R], sql: LiteralString, *values: Any) -> list[R]:
    return [row.row(found) for found in _rows(sql, *values)]


def _rows(sql: LiteralString, *values: Any) -> list[tuple[Any, ...]]:
    # Not a prepared statement: its plan would be that of the day on which the worker started.
    with connection.cursor() as cursor:
        cursor.execute(sql, values)
        return list(cursor.fetchall())


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
    since_tap = min(taps) - limits.volume_within
    minted = _named(_TAP, _MINTED, list(people), since_tap, max(taps))
    places = {
        row.pk: LocationHours(row.time_zone, row.opening_hours)
        for row in Location.objects.filter(opening_hours__isnull=False)
    }
    return replace(
        log,
        collected=_collected(cards, since, stop),
        minted=minted,
        held=_held(log.held),
        places=places,
    )


def _collected(cards: Iterable[int], since: datetime, stop: int) -> list[CollectRecord]:
    # Only what still counts, and what somebody rang up.
    people = _people(cards)
    lines = _named(_COLLECT, _COLLECTED, list(people), since, stop)
    programs = {sale.id: sale.program_id for sale in _counting(line.session_id for line in lines)}
    return [
        CollectRecord(
            line.session_id,
            line.at,
            line.card_id,
            people[line.card_id],
            line.staff_id,
            line.location_id,
            programs[line.session_id],
        )
        for line in lines
        if line.session_id in programs
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
    sales = _counting(each.session_id for each in rises)
    owners = {sale.id: sale.customer_id for sale in sales}
    held = {owner for (owner,) in _rows(_HELD, list(owners.values()))} if owners else set()
    return [each for each in rises if owners.get(each.session_id) in held]


def _counting(sessions: Iterable[int]) -> list[CountingSale]:
    wanted = list(sessions)
    return _named(_SALE, _COUNTING, wanted) if wanted else []
