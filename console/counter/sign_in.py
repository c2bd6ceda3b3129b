"""/sign-in: staff sign in with e-mail and password."""

from django.http import HttpRequest, HttpResponse
from django.views.decorators.cache import never_cache
from django.views.decorators.debug import sensitive_post_parameters
from django.views.decorators.http import require_http_methods

from console.answers import SeeOther, page
from console.caller import device_here, ip_of
from console.cookies import browsers_of, device_of, keep_browser, keep_token, token_of
from console.ended import what_ended
from console.reading import typed
from console.refusals import refusals_as_pages, shown
from console.sign_out import next_page
from loyalty.base.errors import RateLimited, SignInFailed
from loyalty.devices import ShownTokens, sign_in_staff
from loyalty.people import STAFF_LASTS


@never_cache
@sensitive_post_parameters("password")
@require_http_methods(["GET", "HEAD", "POST"])
@refusals_as_pages
def sign_in(request: HttpRequest) -> HttpResponse:
    """303 to the page that was asked for; a refusal says until when it holds."""
    if request.method != "POST":
        return _form(request)
    email, wanted = typed(request, "email"), typed(request, "next")
    try:
        found = sign_in_staff(email, typed(request, "password"), where=_where(request))
    except (SignInFailed, RateLimited) as refused:
        refusal = shown(refused)
        facts = {"refusal": refusal, "typed": email, "next": wanted}
        return page(request, "sign_in", status=refusal.status, **facts)
    response = SeeOther(next_page(wanted, otherwise="/staff"))
    keep_token(response, found.access.token, lasts=STAFF_LASTS)
    keep_browser(response, found.browser, besides=browsers_of(request))
    return response


def _where(request: HttpRequest) -> ShownTokens:
    return ShownTokens(ip_of(request), browsers=browsers_of(request), devices=(device_of(request),))


def _form(request: HttpRequest) -> HttpResponse:
    browser = device_of(request)
    return page(
        request,
        "sign_in",
        next=request.GET.get("next", ""),
        ended=what_ended(token_of(request)),
        is_device=device_here(request) is not None,
        was_device=browser is not None,
    )
