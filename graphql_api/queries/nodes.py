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
from loyalty.base import access
from loyalty.base.access import Permission
from loyalty.base.errors import NotFound
from loyalty.base.values import CustomerActor, Role, StaffActor
from loyalty.cards import card_view, one_bonus
from loyalty.devices import devices
from loyalty.findings import review_list
from loyalty.models import StaffMember
from loyalty.people import profile
from loyalty.programs import catalogue
from loyalty.redeeming import LiveRedemption, live_redemption
from loyalty.sessions import LiveSession, live_session


def node(context: Context, identity: str) -> Node:
    """The thing with this global id; raises NotFound, also where the caller may not see it."""
    context.require_good_token()
    kind, number = parse(identity)
    if kind not in _READERS:
        raise NotFound
    return _READERS[kind](context, number)


def card(context: Context, number: int) -> Card:
    """A card, for its customer and for managers."""
    actor = context.actor
    view, customer_id = card_view(number)
    own = isinstance(actor, CustomerActor) and actor.id == customer_id
    if not own and not access.may(actor, Permission.READ_ANY_CARD):
        raise NotFound
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
    actor = context.actor
    live = live_session(number, token_key=settings.TOKEN_KEY)
    own = isinstance(actor, StaffActor) and actor.id == live.staff_id
    if not own and not access.may(actor, Permission.READ_ANY_SESSION):
        raise NotFound
    return live if own else live.without_secrets()


def redemption(context: Context, number: int) -> Redemption:
    """A redemption, for its customer; without its secrets for staff."""
    actor = context.actor
    live = live_redemption(number, token_key=settings.TOKEN_KEY)
    if actor == CustomerActor(live.customer_id or 0):
        return redemptions.redemption(live)
    if not access.may(actor, Permission.READ_ANY_REDEMPTION):
        raise NotFound
    return redemptions.redemption(live.without_secrets())


def followed_redemption(context: Context, number: int) -> LiveRedemption:
    """A redemption's state, for its customer, managers, and staff once somebody looked at it."""
    actor = context.actor
    live = live_redemption(number, token_key=settings.TOKEN_KEY)
    own = actor == CustomerActor(live.customer_id or 0)
    looked_at = live.was_previewed and access.may(actor, Permission.VALIDATE)
    if not own and not looked_at and not access.may(actor, Permission.READ_ANY_REDEMPTION):
        raise NotFound
    return live


def _customer(context: Context, number: int) -> Node:
    if context.actor != CustomerActor(number):
        raise NotFound
    return people.customer(profile(number), site_url=context.business.site_url)


def _staff(context: Context, number: int) -> Node:
    actor = _panel(context)
    found = StaffMember.objects.filter(pk=number).first()
    if found is None or (
        found.pk != actor.id and not access.may(actor, Permission.READ_ANY_SESSION)
    ):
        raise NotFound
    return people.staff_member(found.pk, name=found.name, role=Role(found.role))


def _anomaly(context: Context, number: int) -> Node:
    found = review_list().filter(pk=number).first()
    if found is None or not access.may(context.actor, Permission.REVIEW):
        raise NotFound
    return anomalies([found])[0]


def _device(context: Context, number: int) -> Node:
    found = devices(with_revoked=True).filter(pk=number).first()
    if found is None or not access.may(context.actor, Permission.MANAGE_DEVICES):
        raise NotFound
    return device(found)


def _panel(context: Context) -> StaffActor:
    actor = context.actor
    if not isinstance(actor, StaffActor) or not access.may(actor, Permission.READ_PANEL):
        raise NotFound
    return actor


def _program(_context: Context, number: int) -> Node:
    return program.program(catalogue.program(number))


def _location(_context: Context, number: int) -> Node:
    found = catalogue.locations().filter(pk=number).first()
    if found is None:
        raise NotFound
    return place.location(found)


def _preset(context: Context, number: int) -> Node:
    _panel(context)
    found = catalogue.presets().filter(pk=number).first()
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
    actor = context.actor
    found = one_bonus(number)
    own = isinstance(actor, CustomerActor) and actor.id == found.customer_id
    looked_at = found.was_previewed and access.may(actor, Permission.VALIDATE)
    if not own and not looked_at and not access.may(actor, Permission.READ_ANY_CARD):
        raise NotFound
    return bonus(found.view)


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
