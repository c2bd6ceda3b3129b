"""/switch: staff switch on this device by passcode."""

from django.conf import settings
from django.http import HttpRequest, HttpResponse
from django.views.decorators.cache import never_cache
from django.views.decorators.debug import sensitive_post_parameters
from django.views.decorators.http import require_http_methods

from console.answers import SeeOther, page
from console.caller import device_here
from console.cookies import device_of, keep_device, keep_token
from console.reading import typed
from console.refusals import refusals_as_pages, shown
from loyalty.base.errors import DeviceLocked, RateLimited, SignInFailed
from loyalty.devices import sign_in_on_device, who_is_on, who_switches_on
from loyalty.models import Device
from loyalty.people import ON_DEVICE_LASTS
from loyalty.wording import RefusalPage


@never_cache
@sensitive_post_parameters("passcode")
@require_http_methods(["GET", "HEAD", "POST"])
@refusals_as_pages
def switch(request: HttpRequest) -> HttpResponse:
    """Who stands here, or that the device is locked.

    303 to the staff's page, or to pairing where this is no device.
    """
    token, device = device_of(request), device_here(request)
    if token is None or device is None:
        return SeeOther("/pair")
    if request.method != "POST":
        return _form(
            request, device, shown(DeviceLocked()) if device.is_locked else None, status=200
        )
    who, passcode = typed(request, "staff"), typed(request, "passcode")
    staff_id = int(who[:18]) if who.isascii() and who.isdigit() else 0
    try:
        found = sign_in_on_device(
            staff_id, passcode, device_id=device.pk, token_key=settings.TOKEN_KEY
        )
    except (SignInFailed, DeviceLocked, RateLimited) as refused:
        # The try that was refused may have been its last one.
        device.refresh_from_db(fields=["tries"])
        refusal = shown(refused)
        return _form(request, device, refusal, status=refusal.status, chosen=staff_id)
    response = SeeOther("/staff")
    keep_token(response, found.access.token, lasts=ON_DEVICE_LASTS)
    keep_device(response, token)
    return response


def _form(
    request: HttpRequest,
    device: Device,
    refusal: RefusalPage | None,
    *,
    status: int,
    chosen: int = 0,
) -> HttpResponse:
    facts = {"device": device, "staff": who_switches_on(), "on": who_is_on(device.pk)}
    return page(request, "switch", status=status, refusal=refusal, chosen=chosen, **facts)
