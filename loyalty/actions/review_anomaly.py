"""A manager decides about a finding: it is well, or it is taken back (SPEC section 6)."""

import secrets
from dataclasses import dataclass
from datetime import datetime
from enum import StrEnum

from django.db import transaction

from loyalty import access, tokens
from loyalty.access import Deed
from loyalty.actions.trust_level import Trusted, trust_level
from loyalty.actions.void_session import Voided, void_session
from loyalty.announce import announce
from loyalty.database_errors import once_more
from loyalty.errors import InvalidInput, NotFound, VersionConflict
from loyalty.events import EventKind, card_topic, session_topic
from loyalty.models import Anomaly, Customer, EarnSession, Event
from loyalty.rules.review_log import Kind
from loyalty.trip import clock, trip
from loyalty.values import StaffActor

_LONGEST_REASON = 200


class Verdict(StrEnum):
    """What a manager decides."""

    APPROVE = "approved"
    VOID = "voided"


@dataclass(frozen=True, slots=True)
class Review:
    """A decision; `version` is that of the finding that was looked at (None: any)."""

    anomaly_id: int
    verdict: Verdict
    reason: str = ""
    version: int | None = None


def review_anomaly(review: Review, *, actor: StaffActor) -> Anomaly:
    """The finding as it was decided: by whoever was first, however often it is asked.

    VOID takes every session of the evidence back, and leaves a held level as it was. Raises
    NotFound, VersionConflict, or InvalidInput where VOID has no reason.
    """
    if not access.may(actor, Deed.REVIEW):
        raise NotFound
    found, voided, trusted = _review(review, actor)
    # Told again behind the commit: what each undo tells by itself was not to be read then.
    for each in voided:
        announce(session_topic(each.session_id), {"status": "voided"})
    for card_id in {each.card_id for each in voided} | {trusted.card_id}:
        if card_id is not None:
            announce(card_topic(card_id), {"changed": True})
    return found


@once_more
def _review(review: Review, actor: StaffActor) -> tuple[Anomaly, list[Voided], Trusted]:
    with transaction.atomic():
        # Two managers meet here: the second sees what the first decided.
        found = Anomaly.objects.select_for_update().filter(pk=review.anomaly_id).first()
        now = clock()
        trip(now)
        if found is None:
            raise NotFound
        if found.status != "open":
            return found, [], Trusted()
        reason = review.reason.strip()[:_LONGEST_REASON]
        if review.verdict is Verdict.VOID and not reason:
            raise InvalidInput(details={"field": "reason"})
        if review.version not in {None, found.version}:
            # More evidence came in meanwhile: nobody takes back what they did not see.
            raise VersionConflict
        voided, trusted = _carry_out(found, review.verdict, actor, reason, now.only)
        found.status, found.reason = review.verdict.value, reason
        found.decided_by, found.decided_at = actor.id, now.only
        found.save(update_fields=["status", "reason", "decided_by", "decided_at"])
        _log(found, trusted, now=now.only)
    return found, voided, trusted


def _carry_out(
    found: Anomaly, verdict: Verdict, actor: StaffActor, reason: str, now: datetime
) -> tuple[list[Voided], Trusted]:
    if found.kind == Kind.LEVEL_HELD:
        if verdict is Verdict.APPROVE:
            sessions = found.evidence["sessions"]
            return [], trust_level(found.customer_id or 0, sessions=sessions, now=now)
        Customer.objects.filter(pk=found.customer_id or 0).update(level_held_at=None)
        return [], Trusted()
    if verdict is Verdict.APPROVE:
        return [], Trusted()
    return _take_back(found, actor, reason), Trusted()


def _take_back(found: Anomaly, actor: StaffActor, reason: str) -> list[Voided]:
    named = EarnSession.objects.filter(pk__in=found.evidence["sessions"])
    # In one order, so that two such decisions wait for each other instead of locking each other.
    left = named.exclude(status="voided").order_by("pk").values_list("pk", flat=True)
    return [void_session(number, actor=actor, reason=reason) for number in list(left)]


def _log(found: Anomaly, trusted: Trusted, *, now: datetime) -> None:
    Event.objects.create(
        id=tokens.ordered_id(now, random=secrets.randbits(21)),
        kind=EventKind.REVIEWED,
        at=now,
        location_id=found.location_id,
        staff_id=found.decided_by,
        card_id=trusted.card_id,
        card_version=trusted.card_version,
        customer_id=found.customer_id,
        details={
            "anomaly": found.pk,
            "kind": found.kind,
            "verdict": found.status,
            "reason": found.reason,
            "level": trusted.level_id,
            "bonuses": list(trusted.bonuses),
        },
    )
