"""What a manager should look at: flags, which hold nothing back.

Rules: docs/rules.md#what-is-watched.
"""

from collections import defaultdict
from collections.abc import Iterable, Mapping, Sequence
from dataclasses import replace
from datetime import UTC, datetime, timedelta
from typing import TypeVar

from loyalty.base.opening_hours import is_open
from loyalty.base.states import FindingKind
from loyalty.findings.review_log import (
    GENEROUS,
    CollectRecord,
    Finding,
    HeldRiseRecord,
    LocationHours,
    MintRecord,
    ReviewLimits,
    ReviewLog,
)

# The sessions of each subject that somebody decided about already.
Settled = Mapping[str, frozenset[int]]
Happened = TypeVar("Happened", CollectRecord, MintRecord)


def findings(
    log: ReviewLog, *, limits: ReviewLimits = GENEROUS, settled: Settled | None = None
) -> list[Finding]:
    """All that is remarkable; what was `settled` for a subject is not counted for it again."""
    known = settled or {}
    return [
        *_often(log, limits, known),
        *_bursts(log, limits, known),
        *_outside_hours(log, limits, known),
        *_volume(log, limits),
        *_closures(log),
        *_held(log, known),
    ]


def crowded(happened: Iterable[Happened], *, at_least: int, within: timedelta) -> list[Happened]:
    """All that lie, with so many others, in a window of this length; in order of time."""
    ordered = sorted(happened, key=lambda each: (each.at, each.session_id))
    found: list[Happened] = []
    start = taken = 0
    for end, each in enumerate(ordered):
        while each.at - ordered[start].at > within:
            start += 1
        if end - start + 1 >= at_least:
            found += ordered[max(start, taken) : end + 1]
            taken = end + 1
    return found


def _often(log: ReviewLog, limits: ReviewLimits, settled: Settled) -> Iterable[Finding]:
    pairs: dict[str, list[CollectRecord]] = defaultdict(list)
    for each in log.collected:
        pairs[f"often:{each.person}:{each.program_id}:{each.staff_id}"].append(each)
    for subject, visits in pairs.items():
        counted = _unsettled(visits, subject, settled)
        found = crowded(counted, at_least=limits.often, within=limits.often_within)
        if found:
            yield _about(FindingKind.OFTEN, subject, found, limits.often_within)


def _bursts(log: ReviewLog, limits: ReviewLimits, settled: Settled) -> Iterable[Finding]:
    by_card: dict[int, list[CollectRecord]] = defaultdict(list)
    for each in log.collected:
        by_card[each.card_id].append(each)
    for given in log.confirmed:
        subject, since = f"burst:{given.redemption_id}", given.at - limits.burst_within
        visits = [each for each in by_card[given.card_id] if since <= each.at <= given.at]
        found = _unsettled(visits, subject, settled)
        if len(found) >= limits.burst:
            about = _about(FindingKind.BURST, subject, found, limits.burst_within)
            # Anybody who gave the bonus, which may be somebody else than who made the codes.
            yield replace(
                about, at=given.at, staff_id=given.staff_id, location_id=given.location_id
            )


def _outside_hours(log: ReviewLog, limits: ReviewLimits, settled: Settled) -> Iterable[Finding]:
    shifts: dict[str, list[CollectRecord]] = defaultdict(list)
    for each in log.collected:
        place = log.places.get(each.location_id)
        if each.session_id in log.fresh and place and not _is_inside(place, each.at, limits):
            shifts[f"hours:{each.location_id}:{each.staff_id}"].append(each)
    for subject, visits in shifts.items():
        if found := _unsettled(visits, subject, settled):
            about = _about(FindingKind.HOURS, subject, found)
            yield replace(about, card_id=None, program_id=None)


def _volume(log: ReviewLog, limits: ReviewLimits) -> Iterable[Finding]:
    people: dict[int, list[MintRecord]] = defaultdict(list)
    for each in log.minted:
        people[each.staff_id].append(each)
    for staff_id, made in people.items():
        found = crowded(made, at_least=limits.volume + 1, within=limits.volume_within)
        if found:
            # A rush may go on for hours: it is told once a day.
            at = found[-1].at
            subject = f"volume:{staff_id}:{at.astimezone(UTC).date()}"
            sessions = tuple(each.session_id for each in found)
            figures = _figures(found, limits.volume_within)
            yield Finding(FindingKind.VOLUME, subject, at, sessions, figures, staff_id=staff_id)


def _closures(log: ReviewLog) -> Iterable[Finding]:
    for each in log.closures:
        yield Finding(
            FindingKind.PIN_CLOSED,
            f"pin:{each.event_id}",
            each.at,
            figures={
                "wrong": each.wrong,
                "of_program": int(each.is_of_program),
                **({"of_device": 1} if each.is_of_device else {}),
            },
            location_id=each.location_id,
            staff_id=each.staff_id,
            program_id=each.program_id,
            device_id=each.device_id,
        )


def _held(log: ReviewLog, settled: Settled) -> Iterable[Finding]:
    people: dict[str, list[HeldRiseRecord]] = defaultdict(list)
    for each in log.held:
        subject = f"level:{each.customer_id}"
        if each.session_id not in settled.get(subject, ()):
            people[subject].append(each)
    for subject, rises in people.items():
        last = max(rises, key=lambda each: each.at)
        sessions = tuple(sorted(each.session_id for each in rises))
        whom = {"customer_id": last.customer_id, "card_id": last.card_id}
        yield Finding(
            FindingKind.LEVEL_HELD, subject, last.at, sessions, {"count": len(rises)}, **whom
        )


def _is_inside(place: LocationHours, at: datetime, limits: ReviewLimits) -> bool:
    moments = (at, at - limits.leeway, at + limits.leeway)
    return any(is_open(place.hours, at=moment, zone=place.zone) for moment in moments)


def _unsettled(happened: Iterable[Happened], subject: str, settled: Settled) -> list[Happened]:
    known = settled.get(subject, frozenset())
    return [each for each in happened if each.session_id not in known]


def _about(
    kind: FindingKind, subject: str, found: Sequence[CollectRecord], within: timedelta | None = None
) -> Finding:
    last = max(found, key=lambda each: each.at)
    return Finding(
        kind,
        subject,
        last.at,
        tuple(sorted(each.session_id for each in found)),
        _figures(found, within),
        location_id=last.location_id,
        staff_id=last.staff_id,
        card_id=last.card_id,
        program_id=last.program_id,
    )


def _figures(
    found: Sequence[CollectRecord] | Sequence[MintRecord], within: timedelta | None
) -> dict[str, int]:
    minutes = {"minutes": int(within.total_seconds() // 60)} if within else {}
    return {"count": len(found), **minutes}
