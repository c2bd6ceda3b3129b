"""/devices: the counter's devices, and codes that pair new ones."""

from base64 import b64encode

from django.conf import settings
from django.http import HttpRequest, HttpResponse
from django.views.decorators.cache import never_cache
from django.views.decorators.http import require_POST, require_safe

from console.answers import SeeOther, page
from console.merchant.only import let_in, only_for, staff_of
from console.merchant.products import number
from console.reading import typed
from console.refusals import refusals_as_pages
from loyalty.base.access import Permission
from loyalty.base.errors import NotFound
from loyalty.base.values import StaffActor
from loyalty.db.waiting_time import minutes_until
from loyalty.devices import LivePairing, create_pairing_code, is_revoked, live_pairing
from loyalty.devices import devices as paired_devices
from loyalty.programs import catalogue
from loyalty.sessions import qr_svg
from loyalty.wording import RefusalPage

for_managers = only_for(Permission.MANAGE_DEVICES, page="/devices")


@never_cache
@require_safe
@for_managers
def devices(request: HttpRequest) -> HttpResponse:
    """The list; `?code=` shows a code to its maker while it is good, `?changed=` what was done."""
    return device_list(request)


@never_cache
@require_POST
@for_managers
@refusals_as_pages
def make_code(request: HttpRequest) -> HttpResponse:
    """303 to the list with the new code."""
    where = typed(request, "location")
    if not where.isascii() or not where.isdigit():
        raise NotFound
    made = create_pairing_code(
        int(where[:18]), actor=staff_of(request), token_key=settings.TOKEN_KEY
    )
    return SeeOther(f"/devices?code={made.id}#code")


def device_list(
    request: HttpRequest, *, refusal: RefusalPage | None = None, device_id: int | None = None
) -> HttpResponse:
    """The list, with a refusal at the device that it is about."""
    actor = let_in(request)
    live = _live(request, actor)
    changed = device_id or number(request, "changed")
    return page(
        request,
        "devices",
        status=refusal.status if refusal else 200,
        devices=paired_devices(actor=actor).order_by("location__name", "name", "pk"),
        locations=catalogue.locations().order_by("name", "pk"),
        pairing=live,
        minutes=minutes_until(live.expires_at) if live else 0,
        picture=b64encode(qr_svg(live.url).encode()).decode() if live else "",
        refusal=refusal,
        changed=changed,
        is_gone=changed is not None and is_revoked(changed, actor=actor),
    )


def _live(request: HttpRequest, actor: StaffActor) -> LivePairing | None:
    code = number(request, "code")
    try:
        if code is not None:
            return live_pairing(code, actor=actor, token_key=settings.TOKEN_KEY)
    except NotFound:
        # Used, over, or somebody else's: the list alone.
        pass
    return None
