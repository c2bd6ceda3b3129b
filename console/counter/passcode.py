"""/passcode: staff choose what they switch on a device with."""

from django.conf import settings
from django.http import HttpRequest, HttpResponse
from django.views.decorators.cache import never_cache
from django.views.decorators.debug import sensitive_post_parameters
from django.views.decorators.http import require_http_methods

from console.answers import SeeOther, page
from console.merchant.only import only_for, staff_of
from console.reading import typed
from console.refusals import refusals_as_pages, shown
from loyalty.base.access import Permission
from loyalty.base.errors import DeviceLocked, InvalidInput, RateLimited, SignInFailed
from loyalty.base.values import StaffActor
from loyalty.devices import set_passcode
from loyalty.wording import PageForm, RefusalPage


@never_cache
@sensitive_post_parameters("passcode", "current")
@require_http_methods(["GET", "HEAD", "POST"])
@only_for(Permission.SET_PASSCODE, page="/passcode")
@refusals_as_pages
def passcode(request: HttpRequest) -> HttpResponse:
    """303 to the page that says that it is set; the form with a sentence when it cannot be."""
    actor = staff_of(request)
    if request.method != "POST":
        return _form(request, actor)
    try:
        set_passcode(
            typed(request, "passcode"),
            actor=actor,
            token_key=settings.TOKEN_KEY,
            current=typed(request, "current") or None,
        )
    except (InvalidInput, SignInFailed, DeviceLocked, RateLimited) as refused:
        return _form(request, actor, shown(refused, form=PageForm.PASSCODE))
    return SeeOther("/passcode?saved=1")


def _form(
    request: HttpRequest, actor: StaffActor, refusal: RefusalPage | None = None
) -> HttpResponse:
    status = refusal.status if refusal else 200
    facts = {"actor": actor, "refusal": refusal, "is_saved": "saved" in request.GET}
    return page(request, "passcode", status=status, **facts)
