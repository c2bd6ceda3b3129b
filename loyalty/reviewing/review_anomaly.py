"""A manager decides about a finding: it is well, or it is taken back.

Rules: docs/rules.md#a-collect-step-by-step.
"""

from dataclasses import dataclass
from datetime import datetime
from enum import StrEnum

from django.db import transaction

from loyalty.base import access
from loyalty.base.access import Permission
from loyalty.base.errors import InvalidInput, NotFound, VersionConflict
from loyalty.base.events import card_topic
from loyalty.base.states import FindingKind, FindingStatus, SessionStatus
from loyalty.base.values import StaffActor
from loyalty.db.announce import announce
from loyalty.db.database_errors import retry_once
from loyalty.db.roundtrip import database_now
from loyalty.events.people import ReviewedDetails
from loyalty.findings.lapse_findings import close, is_on_hold
from loyalty.log.lines import write_line
from loyalty.models import Anomaly, Customer, EarnSession
from loyalty.people.lock_person import lock_person
from loyalty.reviewing.approve_level import ApprovedLevel, approve_level
from loyalty.undoing.void_session import void_session

_LONGEST_REASON = 200


class ReviewVerdict(StrEnum):
    """What a manager decides."""

    APPROVE = FindingStatus.APPROVED.value
    VOID = FindingStatus.VOIDED.value


@dataclass(frozen=True, slots=True)
class FindingReview:
    """A decision; `version` is that of the finding that was looked at (None: any)."""

    anomaly_id: int
    verdict: ReviewVerdict
    reason: str = ""
    version: int | None = None


def review_anomaly(review: FindingReview, *, actor: StaffActor) -> Anomaly:
    """The finding as it was decided: by the person who was first, however often it is asked.

    VOID takes every session of the evidence back; a held level is not given, and its sales stay.
    A level that is held no longer has lapsed, and nothing is decided. Raises NotFound,
    VersionConflict, or InvalidInput where VOID has no reason.
    """
    access.require(actor, Permission.REVIEW)
    found, trusted = _review(review, actor)
    if trusted.card_id is not None:
        announce(card_topic(trusted.card_id), {"changed": True})
    if found.status == ReviewVerdict.VOID and found.kind != FindingKind.LEVEL_HELD:
        _take_back(found, actor)
    return found


@retry_once
def _review(review: FindingReview, actor: StaffActor) -> tuple[Anomaly, ApprovedLevel]:
    with transaction.atomic():
        # Two managers meet here: the second sees what the first decided.
        found = Anomaly.objects.select_for_update().filter(pk=review.anomaly_id).first()
        now = database_now()
        if found is None:
            raise NotFound
        if found.status != FindingStatus.OPEN:
            return found, ApprovedLevel()
        if found.kind == FindingKind.LEVEL_HELD and _is_stale(found):
            close(found, now=now)
            return found, ApprovedLevel()
        reason = review.reason.strip()[:_LONGEST_REASON]
        if review.verdict is ReviewVerdict.VOID and not reason:
            raise InvalidInput(details={"field": "reason", "reason": "missing"})
        if review.version not in {None, found.version}:
            # More evidence came in meanwhile: nobody takes back what they did not see.
            raise VersionConflict
        trusted = ApprovedLevel()
        if found.kind == FindingKind.LEVEL_HELD:
            trusted = _judge_level(found, review.verdict, now=now)
            found.outcome = {"level": trusted.level_id, "bonuses": list(trusted.bonuses)}
        found.status, found.reason = review.verdict.value, reason
        found.decided_by, found.decided_at = actor.id, now
        found.save(update_fields=["status", "reason", "decided_by", "decided_at", "outcome"])
        _log(found, trusted, now=now)
    return found, trusted


def _is_stale(found: Anomaly) -> bool:
    # Behind the customer's lock: an undo that is under way has ended, and its result is seen. All
    # addresses of the person in the order of their ids, as a collect of any of them locks them.
    lock_person(found.customer_id)
    return not is_on_hold(found.customer_id)


def _judge_level(found: Anomaly, verdict: ReviewVerdict, *, now: datetime) -> ApprovedLevel:
    customer_id = found.customer_id or 0
    if verdict is ReviewVerdict.APPROVE:
        return approve_level(customer_id, sessions=found.evidence["sessions"], now=now)
    Customer.objects.filter(pk=customer_id).update(level_held_at=None)
    return ApprovedLevel()


def _take_back(found: Anomaly, actor: StaffActor) -> None:
    # Each in a transaction of its own: no customer's phone waits for the undo of the others.
    # Interrupted, it goes on when the decision is asked again.
    named = EarnSession.objects.filter(pk__in=found.evidence["sessions"])
    left = named.exclude(status=SessionStatus.VOIDED).order_by("pk").values_list("pk", flat=True)
    for number in list(left):
        void_session(number, actor=actor, reason=found.reason)


def _log(found: Anomaly, trusted: ApprovedLevel, *, now: datetime) -> None:
    details = ReviewedDetails(
        anomaly=found.pk,
        finding_kind=found.kind,
        verdict=found.status,
        reason=found.reason,
        level=trusted.level_id,
        bonuses=trusted.bonuses,
    )
    write_line(
        details,
        at=now,
        location_id=found.location_id,
        staff_id=found.decided_by,
        card_id=trusted.card_id,
        card_version=trusted.card_version,
        customer_id=found.customer_id,
    )
