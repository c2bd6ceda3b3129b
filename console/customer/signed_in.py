"""What follows a customer's sign-in: the cookie, and the card with what was granted."""

from django.http import HttpRequest, HttpResponse

from console.answers import SeeOther
from console.cookies import browsers_of, keep_browser, keep_language, keep_token
from console.customer.card import address_of_card
from console.languages import of_link
from loyalty.people import CUSTOMER_LASTS
from loyalty.waiting import SignedInCustomer


def signed_in(request: HttpRequest, found: SignedInCustomer) -> HttpResponse:
    """303 to the card that the newest granted session counts on, else to the customer's cards."""
    response = SeeOther(_address(found))
    keep_token(response, found.access.token, lasts=CUSTOMER_LASTS)
    keep_browser(response, found.browser, besides=browsers_of(request))
    if asked_in := of_link(request):
        keep_language(response, asked_in)
    return response


def _address(found: SignedInCustomer) -> str:
    if not found.granted:
        return "/?taken_back=1" if found.refused else "/"
    card_id = found.granted[-1].card.id
    sessions = [outcome.session_id for outcome in found.granted if outcome.card.id == card_id]
    address = address_of_card(card_id, sessions=sessions)
    return f"{address}&taken_back=1" if found.refused else address
