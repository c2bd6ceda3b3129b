"""The cookies of our own pages: a signed-in person's token, a browser's claims, a device's token.

Host-only (and `__Host-` in production): a sibling host can neither read nor set them.
"""

from collections.abc import Sequence
from datetime import timedelta

from django.conf import settings
from django.http import HttpRequest, HttpResponse

# As long as queued units wait by default; a claim alone opens nothing.
CLAIM_LASTS = timedelta(days=7)
# Visits and mails that one browser can wait for; more are read, no matter who else set some.
_MOST_KEPT, _MOST_READ = 8, 64
# As long as browsers keep a cookie at most; each switching on begins it again.
DEVICE_LASTS = timedelta(days=400)


def token_of(request: HttpRequest) -> str | None:
    """The token of the person who is signed in here."""
    return request.COOKIES.get(settings.PERSON_COOKIE) or None


def claims_of(request: HttpRequest) -> tuple[str, ...]:
    """The claims of a browser that gave e-mail addresses, the newest first."""
    return _every(request, settings.CLAIM_COOKIE)


def browsers_of(request: HttpRequest) -> tuple[str, ...]:
    """The tokens by which people who have signed in here before know this browser."""
    return _every(request, settings.KNOWN_COOKIE)


def device_of(request: HttpRequest) -> str | None:
    """The token of a browser that is a counter device; it signs nobody in."""
    return request.COOKIES.get(settings.DEVICE_COOKIE) or None


def keep_device(response: HttpResponse, token: str) -> None:
    """Make this browser the device; it stays so when people sign out."""
    _keep(response, settings.DEVICE_COOKIE, token, lasts=DEVICE_LASTS)


def keep_token(response: HttpResponse, token: str, *, lasts: timedelta) -> None:
    """Sign this browser in; it keeps its claim, so that it may repeat the sign-in."""
    _keep(response, settings.PERSON_COOKIE, token, lasts=lasts)


def keep_claim(response: HttpResponse, claim: str, *, besides: Sequence[str]) -> None:
    """Remember which browser asked for the mail, besides earlier ones."""
    claims = dict.fromkeys([claim, *besides])
    _keep(response, settings.CLAIM_COOKIE, ".".join([*claims][:_MOST_KEPT]), lasts=CLAIM_LASTS)


def keep_browser(response: HttpResponse, token: str | None, *, besides: Sequence[str]) -> None:
    """Let one more person know this browser; None when they do already. It outlasts signing out."""
    kept = [*([token] if token else []), *besides][:_MOST_KEPT]
    if kept:
        _keep(response, settings.KNOWN_COOKIE, ".".join(kept), lasts=DEVICE_LASTS)


def keep_language(response: HttpResponse, code: str) -> None:
    """Let this browser read our pages in this language, as if somebody had chosen it here."""
    lasts = timedelta(seconds=settings.LANGUAGE_COOKIE_AGE)
    _keep(response, settings.LANGUAGE_COOKIE_NAME, code, lasts=lasts)


def forget_person(response: HttpResponse) -> None:
    """Leave nothing of the person who used this browser."""
    response.delete_cookie(settings.PERSON_COOKIE)
    response.delete_cookie(settings.CLAIM_COOKIE)


def _every(request: HttpRequest, wanted: str) -> tuple[str, ...]:
    # Of all cookies of the name: without `__Host-` a sibling host can set one as well, which must
    # not hide ours.
    pairs = (part.partition("=") for part in request.META.get("HTTP_COOKIE", "").split(";"))
    values = [value for name, _, value in pairs if name.strip() == wanted]
    texts = (text for value in values for text in value.strip().strip('"').split("."))
    return tuple(dict.fromkeys(filter(None, texts)))[:_MOST_READ]


def _keep(response: HttpResponse, name: str, value: str, *, lasts: timedelta) -> None:
    response.set_cookie(
        name,
        value,
        max_age=lasts,
        httponly=True,
        secure=settings.SESSION_COOKIE_SECURE,
        samesite="Lax",
    )
