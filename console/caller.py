"""Who looks at a page."""

from django.http import HttpRequest
from django.utils.translation import get_language

from console.cookies import device_of, token_of
from loyalty.base.values import Actor, Anonymous, StaffActor
from loyalty.devices import paired_device
from loyalty.models import Device
from loyalty.people import viewer
from tenants import context
from tenants.address import address_of
from tenants.known_tokens import Holder, known_tokens


def caller(request: HttpRequest) -> Actor:
    """The person whose token this browser carries; a token that is over is nobody's."""
    token = token_of(request)
    ip = ip_of(request)
    if not token:
        return Anonymous(ip)
    actor = viewer(token, address=ip, device_token=device_of(request))
    business = context.required_schema()
    if isinstance(actor, Anonymous):
        known_tokens.forget(business, token)
    else:
        holder = Holder(business, actor.key, is_staff=isinstance(actor, StaffActor))
        known_tokens.note(token, holder, address=ip)
    return actor


def device_here(request: HttpRequest) -> Device | None:
    """The paired device that this browser is; None for one that was taken out of use, too."""
    token = device_of(request)
    device = paired_device(token) if token else None
    if token and device:
        holder = Holder(context.required_schema(), f"device:{device.pk}", is_staff=True)
        known_tokens.note(token, holder, address=ip_of(request))
    return device


def ip_of(request: HttpRequest) -> str:
    """The caller's address, for limits on guessing."""
    return address_of(request.META)


def language_now() -> str:
    """The language that this page is answered in, for mails that follow from it."""
    return get_language() or ""
