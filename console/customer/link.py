"""/l/<token>: where a mail leads. Scanners open links and run scripts, so a person must press."""

from django.conf import settings
from django.http import HttpRequest, HttpResponse
from django.shortcuts import redirect
from django.views.decorators.http import require_http_methods

from console.answers import SeeOther, page, token_page
from console.caller import caller, ip_of
from console.cookies import browsers_of, claims_of
from console.customer.signed_in import signed_in
from console.reading import typed
from console.refusals import refusals_as_pages, shown
from loyalty.base.errors import LinkExpired, Refused, SignInFailed
from loyalty.base.values import CustomerActor
from loyalty.waiting import SignInProof, opened_by, shown_link, sign_in_customer


@token_page
@require_http_methods(["GET", "HEAD", "POST"])
@refusals_as_pages
def link(request: HttpRequest, token: str) -> HttpResponse:
    """GET shows one button and changes nothing; POST signs in and grants what is queued."""
    try:
        if request.method != "POST":
            return _show(request, token)
        proof = SignInProof(
            link_token=token,
            claims=claims_of(request),
            email=typed(request, "email"),
            browsers=browsers_of(request),
        )
        found = sign_in_customer(proof, token_key=settings.TOKEN_KEY, ip=ip_of(request))
        return signed_in(request, found)
    except SignInFailed as refused:
        return _show(request, token, refused)
    except LinkExpired as refused:
        return _over(request, token, refused)


def _show(request: HttpRequest, token: str, refused: Refused | None = None) -> HttpResponse:
    found = shown_link(token, claims=claims_of(request))
    refusal = shown(refused) if refused else None
    status = refusal.status if refusal else 200
    return page(request, "link", status=status, link=found, refusal=refusal)


def _over(request: HttpRequest, token: str, refused: Refused) -> HttpResponse:
    actor = caller(request)
    if isinstance(actor, CustomerActor) and opened_by(token) == actor.id:
        # A second tab, or the link kept as a bookmark: its owner is already in.
        return SeeOther("/") if request.method == "POST" else redirect("home")
    refusal = shown(refused)
    return page(request, "link_over", status=refusal.status, refusal=refusal)
