"""Staff sign in with e-mail and password."""

from dataclasses import dataclass
from datetime import datetime, timedelta

from django.contrib.auth import get_user_model

from loyalty.actions.open_access import Access, open_access
from loyalty.actions.tally import take_back, tally
from loyalty.email_address import cleaned, spelled_before
from loyalty.errors import InvalidInput, RateLimited, SignInFailed
from loyalty.models import StaffMember
from loyalty.trip import clock, trip

WINDOW = timedelta(minutes=15)
# From one place five wrong ones close an address there; from anywhere, more: strangers must not be
# able to keep somebody out cheaply, nor one clumsy colleague the whole shop behind its Wi-Fi.
WRONG_FROM_ONE_PLACE = 5
WRONG_PER_EMAIL = 30
WRONG_PER_IP = 100


@dataclass(frozen=True, slots=True)
class SignedInStaff:
    """The access and whom it belongs to."""

    access: Access
    staff: StaffMember


def sign_in_staff(typed: str, password: str, *, ip: str) -> SignedInStaff:
    """A token for the staff member; raises SignInFailed, whatever was wrong, or RateLimited.

    In 15 minutes: 5 wrong passwords for an address from one IP, 30 from anywhere, 100 from one IP.
    """
    email = _spelling(typed)
    now = clock()
    trip(now)
    limits = {
        f"password:{ip}:{email}": WRONG_FROM_ONE_PLACE,
        f"password:{email}": WRONG_PER_EMAIL,
        f"password-ip:{ip}": WRONG_PER_IP,
    }
    # Each try is counted before it is judged: a hundred tries at once are a hundred, not one.
    for what, limit in limits.items():
        count, ends = tally(what, every=WINDOW, now=now.only)
        if count > limit:
            raise RateLimited(retry_at=ends)
    member = _member(email, password)
    if member is None:
        raise SignInFailed
    _forgive(list(limits), now=now.only)
    return SignedInStaff(open_access(now=now.only, staff_id=member.pk), member)


def _spelling(typed: str) -> str:
    # What is no address is nobody's, and counted as such.
    try:
        return cleaned(typed)
    except InvalidInput:
        return (spelled_before(typed) or "")[:254]


def _member(email: str, password: str) -> StaffMember | None:
    found = StaffMember.objects.select_related("user").filter(
        user__email=email, user__is_active=True, is_active=True
    )
    member = found.first()
    if member is None or member.user is None:
        # As long as a wrong password takes, so that the time does not tell who works here.
        get_user_model()().set_password(password)
        return None
    return member if member.user.check_password(password) else None


def _forgive(counted: list[str], *, now: datetime) -> None:
    for what in counted:
        take_back(what, every=WINDOW, now=now)
