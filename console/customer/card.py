"""/card/<id>: the customer's own card."""

from django.http import HttpRequest, HttpResponse
from django.shortcuts import redirect
from django.views.decorators.cache import never_cache
from django.views.decorators.http import require_safe

from console.answers import page
from console.caller import caller
from console.customer.standing import standing, waiting
from console.customer.ticket import ticket
from console.refusals import refusals_as_pages
from loyalty.base.errors import NotFound
from loyalty.base.values import Anonymous, CustomerActor
from loyalty.cards import JustAdded, ShownCard, has_other_cards, just_added, shown_card
from loyalty.wording import card_page

_LARGEST_ID = 2**63
_MOST_SESSIONS = 50


@never_cache
@require_safe
@refusals_as_pages
def card(request: HttpRequest, card_id: int) -> HttpResponse:
    """The caller's card, with what the collect or sign-in that led here added; 404 for others'."""
    actor = caller(request)
    if isinstance(actor, Anonymous):
        return redirect("home")
    if not isinstance(actor, CustomerActor):
        raise NotFound
    found = shown_card(card_id, actor=actor)
    added = _added(request, found)
    return page(
        request,
        "card",
        ticket=ticket(found, added=added),
        standing=standing(found),
        waiting=waiting(found),
        has_more=has_other_cards(card_id, actor=actor),
        news=card_page.was_added(added.units, currency=found.currency) if added else "",
        filled=card_page.filled(added.completed) if added.completed else "",
        is_known="known" in request.GET,
        is_taken_back="taken_back" in request.GET,
        is_undone=added.is_taken_back,
    )


def address_of_card(card_id: int, *, sessions: list[int]) -> str:
    """Where somebody reads what these sessions added."""
    return f"/card/{card_id}?" + "&".join(f"added={number}" for number in sessions)


def _added(request: HttpRequest, found: ShownCard) -> JustAdded:
    texts = request.GET.getlist("added")[:_MOST_SESSIONS]
    wanted = [int(text) for text in texts if text.isascii() and text.isdigit() and len(text) < 20]  # noqa: PLR2004  the digits of 2**63
    if not wanted:
        return JustAdded()
    return just_added([number for number in wanted if number < _LARGEST_ID], card=found)
