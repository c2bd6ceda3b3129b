"""Whom a request is counted for before anything is read: its business and its person."""

from collections.abc import Iterable, Mapping
from typing import Any

from django.conf import settings

from config.turns import Caller
from tenants import hosts
from tenants.address import caller_address

# Hosts that nobody has asked for lately; who invents some stands in one line with the others.
_UNKNOWN = "?"
_COOKIE = f"{settings.PERSON_COOKIE}="


def caller_of(
    *, host: str, authorization: str, cookie: str, forwarded: str, address: str
) -> Caller:
    """By the token that it brings, good or not; without one, by the address it comes from."""
    business = hosts.remembered(host)
    token = authorization or _own(cookie.split(";"))
    person = token or caller_address(forwarded, address)
    return Caller(business.schema if business else _UNKNOWN, person)


def caller_in(environ: Mapping[str, Any]) -> Caller:
    """The same of a WSGI request."""
    return caller_of(
        host=environ.get("HTTP_HOST", ""),
        authorization=environ.get("HTTP_AUTHORIZATION", ""),
        cookie=environ.get("HTTP_COOKIE", ""),
        forwarded=environ.get("HTTP_X_FORWARDED_FOR", ""),
        address=environ.get("REMOTE_ADDR", ""),
    )


def _own(cookies: Iterable[str]) -> str:
    return next((each.strip() for each in cookies if each.strip().startswith(_COOKIE)), "")
