"""The caller's IP address."""

from collections.abc import Mapping

from django.conf import settings


def caller_address(forwarded: str, direct: str) -> str:
    """The address that the outermost trusted proxy saw, or the direct one without proxies.

    `forwarded` is the X-Forwarded-For header: everything left of what our own proxies wrote is
    whatever the caller liked to send.
    """
    if not settings.TRUSTED_PROXIES:
        return direct
    hops = [hop.strip() for hop in forwarded.split(",") if hop.strip()]
    return hops[-settings.TRUSTED_PROXIES] if len(hops) >= settings.TRUSTED_PROXIES else direct


def address_of(meta: Mapping[str, str]) -> str:
    """The caller's address of a WSGI environment."""
    return caller_address(meta.get("HTTP_X_FORWARDED_FOR", ""), meta.get("REMOTE_ADDR", ""))
