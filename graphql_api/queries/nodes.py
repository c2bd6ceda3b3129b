"""Things by id: each is checked again for this caller, in this business."""

from collections.abc import Callable

from django.conf import settings

from graphql_api.context import Context
from graphql_api.ids import number as parsed
from graphql_api.ids import parse
from graphql_api.stories import Stories
from graphql_api.types import card as cards
from graphql_api.types import people, place, program
from graphql_api.types import redemption as redemptions
from graphql_api.types import session as sessions
from graphql_api.types.anomaly import anomalies
from graphql_api.types.bonus import bonus
from graphql_api.types.card import Card
from graphql_api.types.device import device
from graphql_api.types.node import Node
from graphql_api.types.product import product, tier
from graphql_api.types.redemption import Redemption
from graphql_api.types.session import EarnSession
from loyalty.base.access import NotAllowed
from loyalty.base.errors import NotFound
from loyalty.base.values import CustomerActor, Role
from loyalty.cards import card_view, one_bonus
from loyalty.devices import devices
from loyalty.findings import review_list
from loyalty.people import profile, staff_member
from loyalty.programs import catalogue
from loyalty.redeeming import LiveRedemption, followed_redemption, live_redemption
from loyalty.sessions import LiveSession, live_session


def node(context: Context, identity: str) -> Node:
    """The thing with this global id; raises NotFound, also where the caller may not see it."""
    context.require_good_token()
    kind, number = parse(identity)
    if kind not in _READERS:
        raise NotFound
    try:
        return _READERS[kind](context, number)
    except NotAllowed:
        # Who may not read such things does not learn that there is one.
        raise NotFound from None


def card(context: Context, number: int) -> Card:
    """A card, for its customer and for managers."""
    view = card_view(number, actor=context.actor)
    return cards.card(view, site_url=context.business.site_url)


def session(context: Context, number: int) -> EarnSession:
    """A session, for its maker and for managers; the secrets for its maker alone."""
    return sessions.session(readable_session(context, number))


def explanation(context: Context, identity: str) -> list[str]:
    """What became of a session, for managers."""
    number = parsed(identity, "EarnSession")
    told = Stories([number]).told(context, number)
    if not told:
        raise NotFound
    return told


def readable_session(context: Context, number: int) -> LiveSession:
    """The same before it is presented."""
    return live_session(number, actor=context.actor, token_key=settings.TOKEN_KEY)


def redemption(context: Context, number: int) -> Redemption:
    """A redemption, for its customer; without its secrets for staff."""
    live = live_redemption(number, actor=context.actor, token_key=settings.TOKEN_KEY)
    return redemptions.redemption(live)


def readable_redemption(context: Context, number: int) -> LiveRedemption:
    """A redemption's state, for its customer, managers, and staff once somebody looked at it."""
    return followed_redemption(number, actor=context.actor, token_key=settings.TOKEN_KEY)


def _customer(context: Context, number: int) -> Node:
    actor = context.actor
    if not isinstance(actor, CustomerActor) or actor.id != number:
        raise NotFound
    return people.customer(profile(actor=actor), site_url=context.business.site_url)


def _staff(context: Context, number: int) -> Node:
    found = staff_member(number, actor=context.actor)
    return people.staff_member(found.pk, name=found.name, role=Role(found.role))


def _anomaly(context: Context, number: int) -> Node:
    found = review_list(actor=context.actor).filter(pk=number).first()
    if found is None:
        raise NotFound
    return anomalies([found], actor=context.actor)[0]


def _device(context: Context, number: int) -> Node:
    found = devices(with_revoked=True, actor=context.actor).filter(pk=number).first()
    if found is None:
        raise NotFound
    return device(found)


def _program(_context: Context, number: int) -> Node:
    return program.program(catalogue.program(number))


def _location(_context: Context, number: int) -> Node:
    found = catalogue.locations().filter(pk=number).first()
    if found is None:
        raise NotFound
    return place.location(found)


def _preset(context: Context, number: int) -> Node:
    found = catalogue.presets(actor=context.actor).filter(pk=number).first()
    if found is None:
        raise NotFound
    return program.presets([found])[0]


def _product(_context: Context, number: int) -> Node:
    found = catalogue.product(number)
    if found is None:
        raise NotFound
    return product(found)


def _tier(_context: Context, number: int) -> Node:
    found = catalogue.tiers([number]).first()
    if found is None:
        raise NotFound
    return tier(found)


def _bonus(context: Context, number: int) -> Node:
    return bonus(one_bonus(number, actor=context.actor))


_READERS: dict[str, Callable[[Context, int], Node]] = {
    "Anomaly": _anomaly,
    "Bonus": _bonus,
    "Card": card,
    "Customer": _customer,
    "Device": _device,
    "EarnSession": session,
    "Location": _location,
    "Preset": _preset,
    "Product": _product,
    "Program": _program,
    "Redemption": redemption,
    "StaffMember": _staff,
    "Tier": _tier,
}
