"""Reads the log on, and puts what is remarkable on the review list: each thing once."""

from collections import defaultdict
from collections.abc import Iterable, Sequence
from dataclasses import dataclass

from django.db import transaction
from django.db.models import F

from loyalty.base import exempt
from loyalty.base.states import FindingKind, FindingStatus
from loyalty.db.roundtrip import database_now
from loyalty.findings.anomalies import Settled, findings
from loyalty.findings.facts import end_of_run, is_there_news, log_between
from loyalty.findings.lapse_findings import lapse_unheld
from loyalty.findings.review_log import GENEROUS, Finding, ReviewLimits, ReviewLog
from loyalty.models import Anomaly, ReviewMark

# So many sessions one finding names, and one click takes back; the rest are a finding of their own.
MOST_SESSIONS = 50
MOST_EVENTS = 20_000


@exempt.for_operators("a job reads the log on")
def find_anomalies(*, limits: ReviewLimits = GENEROUS, most_events: int = MOST_EVENTS) -> int:
    """The number of findings that are new or have new evidence.

    Reads at most so many new lines of the log; the next run goes on behind them.
    """
    if not is_there_news():
        return 0
    with transaction.atomic():
        # The mark's row lets one run at a time find things, so that each is found once.
        ReviewMark.objects.get_or_create(id=1)
        mark = ReviewMark.objects.select_for_update().get()
        stop = end_of_run(mark.event_id, most=most_events)
        log = log_between(mark.event_id, stop, limits=limits)
        changed = _note(log, limits)
        now = database_now()
        lapse_unheld(now=now)
        mark.event_id = stop
        mark.save(update_fields=["event_id"])
    return changed


@dataclass(frozen=True, slots=True)
class _KnownFindings:
    """What is on the list already about some subjects."""

    open: dict[str, Anomaly]
    named: dict[str, frozenset[int]]
    settled: Settled


def _note(log: ReviewLog, limits: ReviewLimits) -> int:
    found = findings(log, limits=limits)
    known = _known(found)
    if known.settled:
        # What was decided is not counted again.
        found = findings(log, limits=limits, settled=known.settled)
    return sum(_noted(each, known) for each in found)


def _known(found: Iterable[Finding]) -> _KnownFindings:
    subjects = {each.subject for each in found}
    named: dict[str, set[int]] = defaultdict(set)
    settled: dict[str, set[int]] = defaultdict(set)
    is_open: dict[str, Anomaly] = {}
    for row in Anomaly.objects.filter(subject__in=subjects).order_by("id"):
        named[row.subject].update(row.evidence["sessions"])
        if row.status == FindingStatus.OPEN:
            is_open[row.subject] = row
        else:
            settled[row.subject].update(row.evidence["sessions"])
    return _KnownFindings(is_open, _frozen(named), _frozen(settled))


def _frozen(sets: dict[str, set[int]]) -> dict[str, frozenset[int]]:
    return {subject: frozenset(numbers) for subject, numbers in sets.items()}


def _noted(finding: Finding, known: _KnownFindings) -> int:
    seen = known.named.get(finding.subject)
    fresh = [number for number in finding.sessions if number not in (seen or ())]
    if finding.kind is FindingKind.VOLUME:
        # Volume alone is a flag, told once: what is named is enough to look at.
        return 0 if seen else _new(finding, fresh[-MOST_SESSIONS:], count=len(fresh))
    if seen is not None and not fresh:
        return 0
    row, changed = known.open.get(finding.subject), 0
    if row is not None:
        room = MOST_SESSIONS - len(row.evidence["sessions"])
        changed, fresh = _added(row, finding, fresh[:room]), fresh[room:]
    parts = [fresh[n : n + MOST_SESSIONS] for n in range(0, len(fresh), MOST_SESSIONS)]
    if seen is None and not finding.sessions:
        parts = [[]]
    for part in parts:
        changed += _new(finding, part, count=len(part))
    return changed


def _added(row: Anomaly, finding: Finding, more: Sequence[int]) -> int:
    if not more:
        return 0
    sessions = [*row.evidence["sessions"], *more]
    evidence = {**row.evidence, **finding.figures, "sessions": sessions, "count": len(sessions)}
    # Decided meanwhile: then it stays as it was decided.
    return Anomaly.objects.filter(pk=row.pk, status=FindingStatus.OPEN).update(
        evidence=evidence, at=max(row.at, finding.at), version=F("version") + 1
    )


def _new(finding: Finding, sessions: Sequence[int], *, count: int) -> int:
    first = f":{sessions[0]}" if sessions else ""
    counted = {"count": count} if sessions else {}
    _, is_new = Anomaly.objects.get_or_create(
        fingerprint=f"{finding.subject}{first}",
        defaults={
            "kind": finding.kind.value,
            "subject": finding.subject,
            "at": finding.at,
            "location_id": finding.location_id,
            "staff_id": finding.staff_id,
            "card_id": finding.card_id,
            "program_id": finding.program_id,
            "customer_id": finding.customer_id,
            "device_id": finding.device_id,
            "evidence": {**finding.figures, **counted, "sessions": list(sessions)},
        },
    )
    return int(is_new)
