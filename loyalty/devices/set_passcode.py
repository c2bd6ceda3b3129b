"""A staff member's passcode is set, by themselves or by somebody above them."""

from datetime import datetime

from django.db import transaction
from django.db.models import Q

from loyalty.base import access
from loyalty.base.access import Permission
from loyalty.base.errors import InvalidInput, NotFound, SignInFailed
from loyalty.base.values import Role, StaffActor
from loyalty.db.roundtrip import database_now
from loyalty.devices.judge_passcode import judge_passcode
from loyalty.devices.passcode import cleaned
from loyalty.devices.passcode_hash import passcode_hash
from loyalty.devices.passcode_tries import forget_tries_of
from loyalty.events.devices import PasscodeSetDetails
from loyalty.log.lines import write_line
from loyalty.models import AccessToken, StaffMember


def set_passcode(
    typed: str,
    *,
    actor: StaffActor,
    token_key: str,
    staff_id: int | None = None,
    current: str | None = None,
) -> StaffMember:
    """The staff member (the actor, unless named) with the new passcode.

    Anybody who is switched on by the old one elsewhere is signed out, and wrong ones of today are
    forgotten. Somebody who is switched on at a
    device proves with `current`, their own passcode, that they are still the one who stands there.
    Raises NotFound (also for people whose passcode is not the actor's to set), InvalidInput, or
    what a wrong `current` is refused for.
    """
    access.require(actor, Permission.SET_PASSCODE)
    whose = actor.id if staff_id is None else staff_id
    digits = cleaned(typed)
    if actor.device is not None:
        _check_current(actor, current, device_id=actor.device.id, token_key=token_key)
    stored = passcode_hash(digits, staff_id=whose, token_key=token_key)
    with transaction.atomic():
        # The person's row: somebody who switches on with the old passcode just now is either
        # signed out below, or finds the new one.
        people = StaffMember.objects.select_for_update(no_key=True)
        member = people.filter(pk=whose, is_active=True).first()
        if member is None or not access.may_set_passcode_of(
            actor, staff_id=member.pk, role=Role(member.role)
        ):
            raise NotFound
        now = database_now()
        member.passcode = stored
        member.save(update_fields=["passcode"])
        # A new passcode was guessed by nobody yet: its owner is not kept out by wrong old ones.
        forget_tries_of(member.pk)
        _sign_out(member, actor, now=now)
        _tell(member, actor, now=now)
    return member


def _check_current(
    actor: StaffActor, current: str | None, *, device_id: int, token_key: str
) -> None:
    if current is None:
        raise InvalidInput(details={"field": "current", "reason": "missing"})
    try:
        judge_passcode(actor.id, current, device_id=device_id, token_key=token_key)
    except SignInFailed as refused:
        raise SignInFailed(details={**refused.details, "what": "current"}) from None


def _sign_out(member: StaffMember, actor: StaffActor, *, now: datetime) -> None:
    found = AccessToken.objects.filter(staff=member, device__isnull=False, revoked_at=None)
    if member.pk == actor.id and actor.device is not None:
        found = found.filter(~Q(device_id=actor.device.id))
    found.update(revoked_at=now)


def _tell(member: StaffMember, actor: StaffActor, *, now: datetime) -> None:
    write_line(
        PasscodeSetDetails(member.pk),
        at=now,
        staff_id=actor.id,
        device_id=actor.device_id,
    )
