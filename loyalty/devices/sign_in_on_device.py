"""A staff member switches on a paired device by passcode (docs/rules.md#devices)."""

from django.db import transaction

from loyalty.base import exempt
from loyalty.base.errors import SignInFailed
from loyalty.db.roundtrip import database_now
from loyalty.devices.judge_passcode import judge_passcode
from loyalty.devices.sign_in_staff import SignedInStaff
from loyalty.models import AccessToken, Device, StaffMember
from loyalty.people.open_access import open_access


@exempt.open_to_all("a passcode, on a device whose token was shown, is its own proof")
def sign_in_on_device(
    staff_id: int, passcode: str, *, device_id: int, token_key: str
) -> SignedInStaff:
    """A token of 4 hours that ends with the device; who was switched on there before is off.

    Raises SignInFailed (unknown people and wrong passcodes alike), DeviceLocked or RateLimited.
    """
    stored = judge_passcode(staff_id, passcode, device_id=device_id, token_key=token_key)
    with transaction.atomic():
        # The device's row, then the person's: a revocation or a new passcode that came while this
        # one was judged is seen here, and one that comes now finds the token and ends it.
        devices = Device.objects.select_for_update(no_key=True)
        device = devices.filter(pk=device_id, revoked_at=None).first()
        people = StaffMember.objects.select_for_update(no_key=True)
        member = people.filter(pk=staff_id, is_active=True, passcode=stored).first()
        if device is None or member is None:
            raise SignInFailed
        now = database_now()
        # One person at a time: what a device makes, its person made.
        before = AccessToken.objects.filter(device=device, revoked_at=None)
        before.update(revoked_at=now)
        access = open_access(now=now, staff_id=member.pk, device_id=device.pk)
    return SignedInStaff(access, member)
