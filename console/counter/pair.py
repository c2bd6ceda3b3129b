"""/pair: this browser becomes a counter device."""

from typing import Any

from django.conf import settings
from django.http import HttpRequest, HttpResponse
from django.views.decorators.http import require_http_methods

from console.answers import SeeOther, page, token_page
from console.caller import ip_of
from console.cookies import device_of, forget_person, keep_device, token_of
from console.ended import what_ended
from console.reading import typed
from console.refusals import refusals_as_pages, shown
from loyalty.base.errors import CodeUnknown, InvalidInput, LinkExpired, RateLimited
from loyalty.devices import pair_device
from loyalty.people import sign_out as end_token
from loyalty.wording import PageForm


@token_page
@require_http_methods(["GET", "HEAD", "POST"])
@refusals_as_pages
def pair(request: HttpRequest, code: str = "") -> HttpResponse:
    """GET asks for a name and changes nothing; POST pairs, and goes on to switching on."""
    facts: dict[str, Any] = {"code": typed(request, "code") or code, "refusal": None}
    if request.method != "POST":
        return page(request, "pair", ended=what_ended(device_of(request)), **facts)
    name = typed(request, "name")
    try:
        found = pair_device(
            str(facts["code"]), name, ip=ip_of(request), token_key=settings.TOKEN_KEY
        )
    except (CodeUnknown, LinkExpired, InvalidInput, RateLimited) as refused:
        refusal = shown(refused, form=PageForm.PAIRING)
        facts |= {"refusal": refusal, "called": name}
        return page(request, "pair", status=refusal.status, **facts)
    response = SeeOther("/switch")
    # Anybody who signed in here to pair it does not stay: staff switch on by passcode.
    if person := token_of(request):
        end_token(person)
    forget_person(response)
    keep_device(response, found.token)
    return response
