"""Who sends a photo, as far as the headers say."""

from functools import partial
from typing import NamedTuple
from urllib.parse import urlsplit

from django.conf import settings
from django.db import Error
from django.http import parse_cookie
from starlette.requests import Request
from starlette.types import Scope

from config.callers import address_in
from graphql_api.live.read import look_up
from loyalty.base import access
from loyalty.base.access import Permission
from loyalty.base.values import StaffActor
from loyalty.people import viewer
from tenants import context, hosts

_OURS = {"", "same-origin", "none"}


class Sender(NamedTuple):
    """A person of a business who may change its products."""

    schema: str
    person: str


async def sender_of(scope: Scope) -> Sender | None:
    """The owner or manager who is signed in, on a page of this host; None for everybody else.

    Raises TooBusyError where too many of one address ask at once.
    The page asks all of it again, and for the form's token besides.
    """
    request = Request(scope)
    token = parse_cookie(request.headers.get("cookie", "")).get(settings.PERSON_COOKIE)
    # Nobody costs a look into the database who brings no cookie, or comes from elsewhere.
    if not token or not _is_from_here(request):
        return None
    look = partial(_found, request.headers.get("host", ""), token)
    return await look_up(look, address=address_in(scope))


def _is_from_here(request: Request) -> bool:
    origin = request.headers.get("origin", "null")
    if origin == "null":
        return request.headers.get("sec-fetch-site", "") in _OURS
    try:
        sent_from = urlsplit(origin).netloc.lower()
    except ValueError:
        # Such as half an IPv6 address: no page of ours has it.
        return False
    return sent_from == request.headers.get("host", "").lower()


def _found(host: str, token: str) -> Sender | None:
    try:
        business = None if hosts.is_public(host) else hosts.business_on(host)
        if business is None:
            return None
        with context.business(business.schema):
            actor = viewer(token)
    except Error:
        # The page says that we are away.
        return None
    if not isinstance(actor, StaffActor) or not access.may(actor, Permission.EDIT_PRODUCTS):
        return None
    return Sender(business.schema, actor.key)
