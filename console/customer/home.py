"""/ on a business's host: the customer's cards, or a mail to sign in with."""

from django.conf import settings
from django.http import HttpRequest, HttpResponse
from django.shortcuts import redirect
from django.views.decorators.cache import never_cache
from django.views.decorators.http import require_http_methods

from console.answers import SeeOther, page
from console.caller import caller, ip_of, language_now
from console.cookies import browsers_of, claims_of, keep_claim
from console.customer.mail_sent import mail_sent
from console.customer.ticket import ticket
from console.reading import typed
from console.refusals import refusals_as_pages, shown
from loyalty.base.errors import InvalidInput
from loyalty.base.values import Anonymous, CustomerActor
from loyalty.cards import shown_cards
from loyalty.waiting import LinkAsker, awaited_address, request_link


@never_cache
@require_http_methods(["GET", "HEAD", "POST"])
@refusals_as_pages
def home(request: HttpRequest) -> HttpResponse:
    """GET shows the caller's way in; POST sends a mail."""
    if request.method == "POST":
        return _ask(request)
    match caller(request):
        case CustomerActor() as actor:
            return _cards(request, actor)
        case Anonymous():
            return _way_in(request)
        case _:
            return redirect("staff")


def _cards(request: HttpRequest, actor: CustomerActor) -> HttpResponse:
    found = shown_cards(actor=actor)
    is_taken_back = "taken_back" in request.GET
    if len(found) == 1 and not is_taken_back:
        return redirect("card", card_id=found[0].id)
    tickets = [ticket(card) for card in found]
    return page(request, "cards", tickets=tickets, is_taken_back=is_taken_back)


def _way_in(request: HttpRequest) -> HttpResponse:
    email = awaited_address(claims_of(request))
    return mail_sent(request, email) if email else page(request, "by_mail")


def _ask(request: HttpRequest) -> HttpResponse:
    email = typed(request, "email")
    try:
        claim = request_link(email, who=_asker(request), token_key=settings.TOKEN_KEY)
    except InvalidInput as refused:
        refusal = shown(refused)
        return page(request, "by_mail", status=refusal.status, refusal=refusal, typed=email)
    response = SeeOther("/")
    keep_claim(response, claim, besides=claims_of(request))
    return response


def _asker(request: HttpRequest) -> LinkAsker:
    return LinkAsker(
        ip=ip_of(request),
        language=language_now(),
        browsers=browsers_of(request),
        claims=claims_of(request),
    )
