"""Staff sign in with e-mail and password."""

from dataclasses import dataclass
from datetime import timedelta

from django.contrib.auth import get_user_model

from loyalty.actions.open_access import Access, open_access
from loyalty.actions.tally import count_so_far, tally
from loyalty.errors import RateLimited, SignInFailed
from loyalty.models import StaffMember
from loyalty.trip import clock, trip

WINDOW = timedelta(minutes=15)
WRONG_PER_EMAIL = 5
WRONG_PER_IP = 30


@dataclass(frozen=True, slots=True)
class SignedInStaff:
    """The access and whom it belongs to."""

    access: Access
    staff: StaffMember


def sign_in_staff(typed: str, password: str, *, ip: str) -> SignedInStaff:
    """A token for the staff member; raises SignInFailed, whatever was wrong, or RateLimited.

    5 wrong passwords for an address, or 30 from one IP, close sign-in there for up to 15 minutes.
    """
    email = typed.strip().lower()
    limits = {f"password:{email[:120]}": WRONG_PER_EMAIL, f"password-ip:{ip}": WRONG_PER_IP}
    for what, limit in limits.items():
        count, ends = count_so_far(what, every=WINDOW)
        if count >= limit:
            raise RateLimited(retry_at=ends)
    staff = StaffMember.objects.select_related("user").filter(
        user__email=email, user__is_active=True, is_active=True
    )
    member = staff.first()
    now = clock()
    trip(now)
    if member is None or member.user is None or not member.user.check_password(password):
        if member is None:
            # As long as a wrong password takes, so that the time does not tell who works here.
            get_user_model()().set_password(password)
        for what in limits:
            tally(what, every=WINDOW, now=now.only)
        raise SignInFailed
    return SignedInStaff(open_access(now=now.only, staff_id=member.id), member)
