"""Paired devices, as managers and as they themselves see them."""

from django.db.models import QuerySet

from loyalty.base import access, exempt, tokens
from loyalty.base.access import Permission
from loyalty.base.values import Actor
from loyalty.db.roundtrip import database_now
from loyalty.models import AccessToken, Device, StaffMember

MOST_STAFF = 100


def devices(*, actor: Actor, with_revoked: bool = False) -> QuerySet[Device]:
    """The business's devices, with location and who paired them."""
    access.require(actor, Permission.MANAGE_DEVICES)
    found = Device.objects.select_related("location", "paired_by")
    return found if with_revoked else found.filter(revoked_at=None)


def is_revoked(number: int, *, actor: Actor) -> bool:
    """True for a device that was taken out of use."""
    access.require(actor, Permission.MANAGE_DEVICES)
    return Device.objects.filter(pk=number, revoked_at__isnull=False).exists()


@exempt.open_to_all("a device's token is its own proof")
def paired_device(token: str) -> Device | None:
    """The device whose token this is; None when there is none, or not any more."""
    found = Device.objects.select_related("location")
    return found.filter(token_digest=tokens.digest(token), revoked_at=None).first()


def device_of_browser(token: str | None) -> int | None:
    """The device that a browser with this token is, also when it was revoked; None for none."""
    if not token:
        return None
    found = Device.objects.filter(token_digest=tokens.digest(token))
    return found.values_list("pk", flat=True).first()


@exempt.asked_already("for a paired device, which its token found")
def who_switches_on() -> list[StaffMember]:
    """Everybody who works here, by name, at most 100."""
    return list(StaffMember.objects.filter(is_active=True).order_by("name", "pk")[:MOST_STAFF])


@exempt.asked_already("the same")
def who_is_on(device_id: int) -> StaffMember | None:
    """Anybody who is switched on at this device now; None while nobody is."""
    live = AccessToken.objects.filter(
        device=device_id, revoked_at=None, expires_at__gt=database_now(), staff__is_active=True
    )
    found = live.select_related("staff").order_by("-pk").first()
    return found.staff if found else None
