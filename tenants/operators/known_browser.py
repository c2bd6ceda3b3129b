"""Remembers in which browsers an operator has signed in; the cookie signs nobody in."""

from datetime import timedelta

from django.conf import settings
from django.core import signing
from django.http import HttpRequest, HttpResponse

_SALT = "operator's known browser"
_LASTS = timedelta(days=180)


def is_known(request: HttpRequest, operator_id: int) -> bool:
    """True when this operator signed in here within half a year."""
    try:
        kept = request.get_signed_cookie(
            settings.KNOWN_BROWSER_COOKIE, salt=_SALT, max_age=_LASTS, default=""
        )
    except signing.BadSignature:
        return False
    return kept == str(operator_id)


def remember(response: HttpResponse, operator_id: int) -> None:
    """Know this browser from now on."""
    response.set_signed_cookie(
        settings.KNOWN_BROWSER_COOKIE,
        str(operator_id),
        salt=_SALT,
        max_age=_LASTS,
        httponly=True,
        secure=settings.SESSION_COOKIE_SECURE,
        samesite="Lax",
    )
