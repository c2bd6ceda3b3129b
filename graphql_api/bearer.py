"""Where a caller's token is: the Authorization header, or the cookie of our own pages."""

from collections.abc import Mapping

from django.conf import settings

_SCHEME = "bearer "
COOKIE = settings.PERSON_COOKIE


def from_header(value: str | None) -> str | None:
    """The token of `Bearer …`; None for anything else."""
    if value is None or value[: len(_SCHEME)].lower() != _SCHEME:
        return None
    return value[len(_SCHEME) :].strip()


def from_cookies(cookies: Mapping[str, str]) -> str | None:
    """The token of our own pages' cookie."""
    return cookies.get(COOKIE) or None


def device_from_cookies(cookies: Mapping[str, str]) -> str | None:
    """The token of a browser that is a counter device."""
    return cookies.get(settings.DEVICE_COOKIE) or None
