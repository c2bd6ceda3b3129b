"""Who looks at a page."""

from django.http import HttpRequest
from django.utils.translation import get_language

from console.cookies import device_of, token_of
from loyalty.queries.viewer import viewer
from loyalty.values import Actor, Anonymous
from tenants.address import address_of


def caller(request: HttpRequest) -> Actor:
    """The person whose token this browser carries; a token that is over is nobody's."""
    token = token_of(request)
    ip = ip_of(request)
    if not token:
        return Anonymous(ip)
    return viewer(token, address=ip, device_token=device_of(request))


def ip_of(request: HttpRequest) -> str:
    """The caller's address, for limits on guessing."""
    return address_of(request.META)


def language_now() -> str:
    """The language that this page is answered in, for mails that follow from it."""
    return get_language() or ""
