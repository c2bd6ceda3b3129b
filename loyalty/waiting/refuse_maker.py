"""Anybody who made a session cannot have it wait for their own address either.

Rules: docs/rules.md#a-collect-step-by-step.
"""

from datetime import datetime

from loyalty.base import exempt
from loyalty.base.email_address import mailbox
from loyalty.base.errors import OwnSession
from loyalty.base.events import EventKind
from loyalty.db.roundtrip import send
from loyalty.devices.reads import device_of_browser
from loyalty.earning.own_session import SessionParty, check_own_session
from loyalty.log.refusals import refusal_line
from loyalty.models import Customer, EarnSession, Event, StaffMember


@exempt.asked_already("part of queueing a session")
def refuse_maker(
    session: EarnSession, email: str, *, browser: str | None, now: datetime
) -> OwnSession | None:
    """The refusal for an address of the maker's mailbox, or for the device it was made on.

    `browser` is the token that the asking browser was paired with. Kept in the log; None for all
    others.

    For the caller's transaction, which has locked the session, and commits before it refuses.
    """
    makers = StaffMember.objects.filter(earnsession=session)
    address = makers.values_list("user__email", flat=True).first()
    try:
        check_own_session(
            maker=SessionParty(mailbox(address) if address else None, session.device_id),
            collector=SessionParty(mailbox(email), device_of_browser(browser)),
        )
    except OwnSession as refused:
        _keep(session, refused, email=email, now=now)
        return refused
    return None


def _keep(session: EarnSession, refused: OwnSession, *, email: str, now: datetime) -> None:
    # One line, however often it is tried. The address may belong to nobody yet, and then the log's
    # constraint does not tell such lines apart.
    customer = Customer.objects.filter(email=email).values_list("pk", flat=True).first()
    kept = Event.objects.filter(kind=EventKind.REFUSED, code=refused.code, session_id=session.pk)
    if kept.filter(customer_id=customer).exists():
        return
    line = refusal_line(
        refused,
        at=now,
        location_id=session.location_id,
        staff_id=session.staff_id,
        device_id=session.device_id,
        preset_id=session.preset_id,
        session_id=session.pk,
        version_id=session.version_id,
        units=session.units,
        amount=session.amount,
        points=session.points,
        policy=session.policy,
        customer_id=customer,
    )
    send(line)
