"""The cookies of our own pages: the token of a signed-in person, and a stranger's claim.

Host-only (and `__Host-` in production): a sibling host can neither read nor set them.
"""

from django.conf import settings
from django.http import HttpRequest, HttpResponse


def token_of(request: HttpRequest) -> str | None:
    """The token of whoever is signed in here."""
    return request.COOKIES.get(settings.PERSON_COOKIE) or None


def claim_of(request: HttpRequest) -> str | None:
    """The claim of a browser that gave an e-mail address and is not signed in yet."""
    return request.COOKIES.get(settings.CLAIM_COOKIE) or None


def keep_token(response: HttpResponse, token: str, *, seconds: int) -> None:
    """Sign this browser in, and forget its claim."""
    _keep(response, settings.PERSON_COOKIE, token, seconds=seconds)
    response.delete_cookie(settings.CLAIM_COOKIE)


def keep_claim(response: HttpResponse, claim: str, *, seconds: int) -> None:
    """Remember which browser asked for the mail."""
    _keep(response, settings.CLAIM_COOKIE, claim, seconds=seconds)


def forget_token(response: HttpResponse) -> None:
    """Sign this browser out."""
    response.delete_cookie(settings.PERSON_COOKIE)


def _keep(response: HttpResponse, name: str, value: str, *, seconds: int) -> None:
    response.set_cookie(
        name,
        value,
        max_age=seconds,
        httponly=True,
        secure=settings.SESSION_COOKIE_SECURE,
        samesite="Lax",
    )
