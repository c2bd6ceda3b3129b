"""POST /code and /c/<token>/code: the six digits of the mail, in the browser that asked for it."""

from django.conf import settings
from django.http import HttpRequest, HttpResponse
from django.shortcuts import redirect
from django.views.decorators.http import require_http_methods

from console.answers import token_page
from console.caller import caller, ip_of
from console.cookies import browsers_of, claims_of
from console.customer.mail_sent import mail_sent
from console.customer.signed_in import signed_in
from console.reading import typed_code
from console.refusals import refusals_as_pages, shown
from loyalty.base.errors import LinkExpired, RateLimited, Refused, SignInFailed
from loyalty.sessions import scanned_session
from loyalty.waiting import SignInProof, awaited_address, sign_in_customer
from loyalty.wording import card_page


@token_page
@require_http_methods(["GET", "HEAD", "POST"])
@refusals_as_pages
def code(request: HttpRequest, token: str = "") -> HttpResponse:
    """303 to the card; a wrong or old code says so above the same field. GET leads to the field."""
    if request.method != "POST":
        return redirect("collect", token) if token else redirect("home")
    proof = SignInProof(
        code=typed_code(request) or "-",
        claims=claims_of(request),
        session_token=token or None,
        browsers=browsers_of(request),
    )
    try:
        found = sign_in_customer(proof, token_key=settings.TOKEN_KEY, ip=ip_of(request))
        return signed_in(request, found)
    except (SignInFailed, LinkExpired, RateLimited) as refused:
        return _again(request, token, refused)


def _again(request: HttpRequest, token: str, refused: Refused) -> HttpResponse:
    claims = claims_of(request)
    if claims and token:
        found = scanned_session(token, actor=caller(request), claims=claims)
        waits = card_page.waits(found.units, currency=found.currency)
        if found.email:
            refusal = shown(refused)
            return mail_sent(
                request, found.email, token=token, refusal=refusal, session=found, waits=waits
            )
    email = awaited_address(claims)
    if email is None:
        raise refused
    return mail_sent(request, email, refusal=shown(refused))
