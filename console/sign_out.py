"""POST /sign-out: this browser forgets the person who was signed in."""

from django.http import HttpRequest, HttpResponse
from django.utils.http import url_has_allowed_host_and_scheme
from django.views.decorators.http import require_POST

from console.answers import SeeOther
from console.cookies import forget_person, token_of
from console.reading import typed
from loyalty.people import sign_out as end_token


@require_POST
def sign_out(request: HttpRequest) -> HttpResponse:
    """303 to where the form says, on this host, or to the customers' sign-in page."""
    token = token_of(request)
    if token:
        end_token(token)
    response = SeeOther(next_page(typed(request, "next"), otherwise="/"))
    forget_person(response)
    return response


def next_page(wanted: str, *, otherwise: str) -> str:
    """A path of this host that the caller asked for; anything else could lead people astray."""
    is_ours = wanted.startswith("/") and url_has_allowed_host_and_scheme(wanted, allowed_hosts=None)
    return wanted if is_ours else otherwise
