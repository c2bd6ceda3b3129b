"""/c/<token>: where the code at the counter leads."""

from django.conf import settings
from django.http import HttpRequest, HttpResponse
from django.shortcuts import redirect
from django.views.decorators.http import require_http_methods

from console.answers import SeeOther, page, token_page
from console.caller import caller, ip_of, language_now
from console.cookies import claims_of, device_of, keep_claim
from console.customer.card import address_of_card
from console.customer.mail_sent import mail_sent
from console.reading import typed
from console.refusals import refusals_as_pages, shown
from loyalty.base.errors import EmailRequired, InvalidInput, OwnSession, QueueFull, Refused
from loyalty.base.values import Actor, Anonymous, CustomerActor, StaffActor
from loyalty.earning import collect as collect_session
from loyalty.sessions import ScanStep, scanned_session
from loyalty.waiting import QueueAsker, QueuedClaim, queue_session
from loyalty.wording import card_page

_PAGES: dict[type[Actor], str] = {
    CustomerActor: "collect_confirm",
    StaffActor: "collect_as_staff",
}


@token_page
@require_http_methods(["GET", "HEAD", "POST"])
@refusals_as_pages
def collect(request: HttpRequest, token: str) -> HttpResponse:
    """GET shows what waits and changes nothing; POST confirms it, or queues it for an address."""
    actor = caller(request)
    if request.method != "POST":
        return _show(request, token, actor)
    match actor:
        case CustomerActor():
            return _confirm(request, token, actor)
        case Anonymous():
            return _queue(request, token, actor)
        case _:
            raise OwnSession


def _show(
    request: HttpRequest, token: str, actor: Actor, refused: Refused | None = None
) -> HttpResponse:
    found = scanned_session(token, actor=actor, claims=claims_of(request))
    if found.scan is ScanStep.MINE:
        return redirect(f"/card/{found.card_id}?known=1")
    refusal = shown(refused) if refused else None
    facts: dict[str, object] = {
        "typed": typed(request, "email"),
        "session": found,
        "waits": card_page.waits(found.units, currency=found.currency),
    }
    if found.scan is not ScanStep.OPEN:
        return mail_sent(request, found.email or "", token=token, refusal=refusal, **facts)
    status = refusal.status if refusal else 200
    facts |= {"refusal": refusal, "actor": actor}
    return page(request, _PAGES.get(type(actor), "collect_email"), status=status, **facts)


def _confirm(request: HttpRequest, token: str, actor: CustomerActor) -> HttpResponse:
    outcome = collect_session(token, actor=actor, ip=ip_of(request))
    return SeeOther(address_of_card(outcome.card.id, sessions=[outcome.session_id]))


def _queue(request: HttpRequest, token: str, actor: Anonymous) -> HttpResponse:
    who = QueueAsker(
        ip=actor.address,
        language=language_now(),
        claims=claims_of(request),
        browser=device_of(request),
    )
    try:
        found = queue_session(
            token, typed=typed(request, "email"), who=who, token_key=settings.TOKEN_KEY
        )
    except (EmailRequired, InvalidInput, QueueFull) as refused:
        return _show(request, token, actor, refused)
    response = SeeOther(request.path)
    if isinstance(found, QueuedClaim):
        keep_claim(response, found.claim, besides=claims_of(request))
    return response
