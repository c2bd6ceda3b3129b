"""Staff sign in with e-mail and password."""

from collections.abc import Sequence
from dataclasses import dataclass, field
from datetime import datetime

from django.contrib.auth import get_user_model

from loyalty.base import exempt
from loyalty.base.email_address import cleaned, spelled_before
from loyalty.base.errors import InvalidInput, SignInFailed
from loyalty.db.roundtrip import database_now
from loyalty.devices.reads import paired_device
from loyalty.guards import limits
from loyalty.guards.allowance import Attempt
from loyalty.models import StaffMember
from loyalty.people.known_browsers import known_browser, remember_browser
from loyalty.people.open_access import IssuedToken, open_access


@dataclass(frozen=True, slots=True)
class ShownTokens:
    """Where somebody signs in: `browsers` and `devices` are tokens that the client shows."""

    ip: str
    browsers: Sequence[str] = field(default=(), repr=False)
    devices: Sequence[str | None] = field(default=(), repr=False)


@dataclass(frozen=True, slots=True)
class SignedInStaff:
    """The access and whom it belongs to; `browser` is a new token of a browser not known before."""

    access: IssuedToken
    staff: StaffMember
    browser: str | None = None


@exempt.open_to_all("an address and its password are their own proof")
def sign_in_staff(typed: str, password: str, *, where: ShownTokens) -> SignedInStaff:
    """A token for the staff member; raises SignInFailed, whatever was wrong, or RateLimited.

    Wrong passwords alone are counted: for the browser where this person has signed in before, else
    for the paired device, else for address and person (docs/limits.md).
    """
    email = _spelling(typed)
    now = database_now()
    member = _member(email)
    known = known_browser(where.browsers, staff_id=member.pk if member else None)
    attempt = _attempt(email, where, known, now=now)
    attempt.begin()
    is_right = _fits(password, member)
    attempt.settle(was_right=is_right)
    if member is None or not is_right:
        raise SignInFailed
    browser = remember_browser(known, now=now, staff_id=member.pk)
    return SignedInStaff(open_access(now=now, staff_id=member.pk), member, browser)


def _spelling(typed: str) -> str:
    # What is no address is nobody's, and counted as such.
    try:
        return cleaned(typed)
    except InvalidInput:
        return (spelled_before(typed) or "")[:254]


def _attempt(email: str, where: ShownTokens, known: int | None, *, now: datetime) -> Attempt:
    if known is not None:
        return Attempt((limits.PASSWORDS_KNOWN, str(known)), now=now)
    devices = (paired_device(token) for token in where.devices if token)
    if device := next(filter(None, devices), None):
        return Attempt((limits.PASSWORDS_DEVICE, str(device.pk)), now=now)
    # The address first: beyond its limit nothing is written under an e-mail that somebody made up.
    return Attempt(
        (limits.PASSWORDS_ADDRESS, where.ip),
        (limits.PASSWORDS_PERSON_HERE, f"{where.ip} {email}"),
        (limits.PASSWORDS_PERSON, email),
        now=now,
    )


def _member(email: str) -> StaffMember | None:
    found = StaffMember.objects.select_related("user").filter(
        user__email=email, user__is_active=True, is_active=True
    )
    return found.first()


def _fits(password: str, member: StaffMember | None) -> bool:
    if member is None or member.user is None:
        # As long as a wrong password takes, so that the time does not tell who works here.
        get_user_model()().set_password(password)
        return False
    return member.user.check_password(password)
