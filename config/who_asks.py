"""Whom a request is counted for before anything is read: its business and its person."""

from collections.abc import Iterator, Mapping
from typing import Any

from django.conf import settings
from django.http import parse_cookie

from config.turns import Caller
from graphql_api import bearer
from tenants import hosts
from tenants.address import caller_address
from tenants.known_tokens import Holder, known_tokens

# Hosts that nobody has asked for lately; who invents some stands in one line with the others.
_UNKNOWN = "?"


def caller_of(
    *, host: str, authorization: str, cookie: str, forwarded: str, address: str
) -> Caller:
    """By a token that was good here lately; else by the address: anybody can invent tokens."""
    business = hosts.remembered(host)
    if holder := holder_of(host=host, authorization=authorization, cookie=cookie):
        return Caller(holder.business, holder.person, is_known=True)
    return Caller(business.schema if business else _UNKNOWN, caller_address(forwarded, address))


def holder_of(*, host: str, authorization: str, cookie: str) -> Holder | None:
    """Whose token this is, if it was good at this host's business lately."""
    business = hosts.remembered(host)
    if business is None:
        return None
    tokens = tokens_of(authorization=authorization, cookie=cookie)
    return next(filter(None, (known_tokens.holder(business.schema, each) for each in tokens)), None)


def tokens_of(*, authorization: str, cookie: str) -> Iterator[str]:
    """The tokens that a request brings: in its header, or a person's and a device's cookies."""
    if authorization:
        if token := bearer.from_header(authorization):
            yield token
        return
    cookies = parse_cookie(cookie) if cookie else {}
    for name in (settings.PERSON_COOKIE, settings.DEVICE_COOKIE):
        if token := cookies.get(name):
            yield token


def caller_in(environ: Mapping[str, Any]) -> Caller:
    """The same of a WSGI request."""
    return caller_of(
        host=environ.get("HTTP_HOST", ""),
        authorization=environ.get("HTTP_AUTHORIZATION", ""),
        cookie=environ.get("HTTP_COOKIE", ""),
        forwarded=environ.get("HTTP_X_FORWARDED_FOR", ""),
        address=environ.get("REMOTE_ADDR", ""),
    )
