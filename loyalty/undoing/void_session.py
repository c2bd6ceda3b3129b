"""Staff take a sale back; everything ends as if it had not happened (docs/rules.md#undo)."""

from dataclasses import dataclass
from datetime import datetime, timedelta

from django.db import transaction

from loyalty.base import access
from loyalty.base.access import Permission
from loyalty.base.errors import InvalidInput, NotFound, UndoTooLate
from loyalty.base.events import EventKind, card_topic, session_topic
from loyalty.base.states import EntryKind, SessionStatus
from loyalty.base.values import StaffActor
from loyalty.correcting.apply_difference import (
    AppliedDifference,
    HistoryDifference,
    apply_difference,
    tell_others,
    write_entries,
)
from loyalty.correcting.move_bonuses import move_bonuses
from loyalty.correcting.pass_on import OtherAddresses, others_of, pass_on
from loyalty.db.announce import announce
from loyalty.db.database_errors import patient, retry_once
from loyalty.db.roundtrip import database_now
from loyalty.events.sales import VoidedDetails
from loyalty.findings.find_owed import find_owed
from loyalty.findings.lapse_findings import lapse_findings
from loyalty.history.debts import debt, figures_of
from loyalty.history.past import past_of
from loyalty.history.replay import owe, replay
from loyalty.history.steps import without
from loyalty.log.lines import write_line
from loyalty.models import Card, Customer, EarnSession, Event, QueuedSession
from loyalty.people.lock_person import lock_person, wait_for_undos
from loyalty.sessions.session_update import SessionState, voided_state

OWN_FOR = timedelta(minutes=10)
_LONGEST_REASON = 200


@dataclass(frozen=True, slots=True)
class VoidedSession:
    """The session that was taken back, on which card it lay, and what its followers hear."""

    session_id: int
    card_id: int | None
    state: SessionState


def void_session(session_id: int, *, actor: StaffActor, reason: str | None) -> VoidedSession:
    """The same however often it is asked; an open or queued session simply dies.

    Staff take back their own for 10 minutes, managers any with a reason. Raises NotFound,
    UndoTooLate or InvalidInput.
    """
    access.require(actor, Permission.VOID)
    found, is_new = _void(session_id, actor, (reason or "").strip())
    if is_new:
        announce(session_topic(session_id), {"status": SessionStatus.VOIDED})
    if is_new and found.card_id is not None:
        announce(card_topic(found.card_id), {"changed": True})
    return found


@patient
@retry_once
def _void(session_id: int, actor: StaffActor, reason: str) -> tuple[VoidedSession, bool]:
    with transaction.atomic():
        of_session = EarnSession.objects.filter(pk=session_id)
        owner = of_session.values_list("customer_id", flat=True).first()
        if owner:
            wait_for_undos(owner)
        # Session, then all addresses of the person in the order of their ids, as when it was
        # collected: both wait for each other in one order, and two addresses share what is given
        # once.
        session = of_session.select_for_update().first()
        lock_person(session.customer_id if session else None)
        now = database_now()
        if session is None or not _is_theirs(session, actor):
            raise NotFound
        if session.status == SessionStatus.VOIDED:
            voided = Event.objects.get(kind=EventKind.VOIDED, session_id=session_id)
            state = voided_state(session.outcome, at=voided.at)
            return VoidedSession(session_id, voided.card_id, state), False
        _check_may_void(session, actor, reason, now=now)
        card = _take_back(session, actor, reason, now=now)
        # Before the commit: who is answered that their time is up has taken nothing back, and what
        # was taken back is announced.
        state = voided_state(session.outcome, at=now)
    return VoidedSession(session_id, card.pk if card else None, state), True


def _is_theirs(session: EarnSession, actor: StaffActor) -> bool:
    return session.staff_id == actor.id or access.may(actor, Permission.VOID_ANY)


def _check_may_void(session: EarnSession, actor: StaffActor, reason: str, *, now: datetime) -> None:
    is_fresh = session.staff_id == actor.id and now < session.created_at + OWN_FOR
    if is_fresh:
        return
    if not access.may(actor, Permission.VOID_ANY):
        raise UndoTooLate
    if not reason:
        raise InvalidInput(details={"field": "reason", "reason": "missing"})


def _take_back(
    session: EarnSession, actor: StaffActor, reason: str, *, now: datetime
) -> Card | None:
    card = _card_of(session)
    was = session.status
    others = others_of(session.customer_id) if card else OtherAddresses()
    change = _move_bonuses(session, card, now=now) if card else None
    QueuedSession.objects.filter(session=session).delete()
    EarnSession.objects.filter(pk=session.pk).update(status=SessionStatus.VOIDED)
    applied = apply_difference(change) if change else None
    details = VoidedDetails(
        reason=reason[:_LONGEST_REASON],
        was=was,
        owed=figures_of(change.owed) if change else None,
        undone=applied.undone if applied else None,
    )
    event = _log(session, card, actor, details, now=now)
    if change and applied:
        _write_behind(change, applied, event)
    pass_on(others, cause=event)
    lapse_findings(session.pk, now=now)
    return card


def _write_behind(change: HistoryDifference, applied: AppliedDifference, event: Event) -> None:
    version = change.session.version_id
    write_entries(change.card, applied.lines, kind=EntryKind.VOID, version_id=version, event=event)
    tell_others(applied.others, change.settled, cause=event)
    if applied.undone.owed or applied.undone.kept:
        find_owed(event, program_id=change.session.program_id)


def _log(
    session: EarnSession,
    card: Card | None,
    actor: StaffActor,
    details: VoidedDetails,
    *,
    now: datetime,
) -> Event:
    return write_line(
        details,
        at=now,
        location_id=session.location_id,
        staff_id=actor.id,
        device_id=actor.device_id,
        session_id=session.pk,
        card_id=card.pk if card else None,
        card_version=card.version + 1 if card else None,
        version_id=session.version_id,
        units=session.units,
        amount=session.amount,
        points=session.points_given if card else session.points,
        customer_id=session.customer_id,
    )


def _card_of(session: EarnSession) -> Card | None:
    if session.status != SessionStatus.COLLECTED or session.customer_id is None:
        return None
    # All of them: bonuses of levels lie on others, where somebody may be confirming one just now.
    cards = Card.objects.select_for_update(of=("self",)).select_related("promise")
    own = cards.filter(customer_id=session.customer_id).order_by("pk")
    return next((card for card in own if card.program_id == session.program_id), None)


def _move_bonuses(session: EarnSession, card: Card, *, now: datetime) -> HistoryDifference:
    # Bonuses first: one that was used already cannot go, and what the card owes for it counts in
    # the history that is left.
    past = past_of(Customer.objects.get(pk=session.customer_id or 0))
    before = replay(past.steps, past.known)
    after = replay(without(past.steps, session.pk), past.known)
    settled = move_bonuses(before, after, now=now, session_id=session.pk)
    owed = debt(card.pk, settled.used, before=before, after=after, at=now)
    owe(after, owed)
    return HistoryDifference(card, session, before, after, settled, owed, now)
