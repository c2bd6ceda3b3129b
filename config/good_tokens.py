"""Asks the database whose token somebody brings, where no place is left for strangers."""

from functools import partial

from django.db import Error
from starlette.datastructures import Headers
from starlette.types import Scope

from config.who_asks import tokens_of
from graphql_api.live.read import look_up
from loyalty.base.values import Anonymous, StaffActor
from loyalty.devices import paired_device
from loyalty.people import viewer
from tenants import context, hosts
from tenants.fair_threads import TooBusyError
from tenants.known_tokens import Holder, known_tokens


async def holder_of(scope: Scope, *, address: str) -> Holder | None:
    """Whose token it is, which is remembered; None for nobody's, and when too many ask.

    Addresses take turns, each with one look at a time: who invents tokens waits for themselves.
    """
    headers = Headers(scope=scope)
    authorization, cookie = headers.get("authorization", ""), headers.get("cookie", "")
    tokens = list(tokens_of(authorization=authorization, cookie=cookie))
    if not tokens:
        return None
    look = partial(_found, headers.get("host", ""), tokens, address)
    try:
        return await look_up(look, address=address)
    except (TooBusyError, Error):
        return None


def _found(host: str, tokens: list[str], address: str) -> Holder | None:
    business = None if hosts.is_public(host) else hosts.business_on(host)
    if business is None:
        return None
    with context.business(business.schema):
        for token in tokens:
            if holder := _holder(business.schema, token):
                known_tokens.note(token, holder, address=address)
                return holder
    return None


def _holder(business: str, token: str) -> Holder | None:
    actor = viewer(token)
    if not isinstance(actor, Anonymous):
        return Holder(business, actor.key, is_staff=isinstance(actor, StaffActor))
    device = paired_device(token)
    return Holder(business, f"device:{device.pk}", is_staff=True) if device else None
