"""What the demo's JSON says: where everything is, and tokens to use it."""

from typing import Any

from django.conf import settings

from demo.businesses import FRONT_ENDS, OPERATOR, PASSCODES, PASSWORD, DemoBusiness
from graphql_api.ids import global_id
from loyalty.base.states import BonusStatus
from loyalty.db.roundtrip import clock, send
from loyalty.models import Bonus, Customer, Location, Preset, Program, StaffMember
from loyalty.people import open_access
from tenants import context

Facts = dict[str, Any]


def operator(port: int) -> Facts:
    """Where operators sign in."""
    return {
        "admin": f"http://localhost:{port}/admin/",
        "email": OPERATOR,
        "password": PASSWORD,
    }


def describe(demo: DemoBusiness, *, port: int) -> Facts:
    """One business; its tokens are new with each call and older ones stay good until they end."""
    site = f"http://{demo.host}:{port}"
    with context.business(demo.schema):
        return {
            "name": demo.name,
            "plan": demo.plan,
            "host": f"{demo.host}:{port}",
            "address": f"127.0.0.1:{port}",
            "site": site,
            "graphql": f"{site}/graphql",
            "socket": f"ws://{demo.host}:{port}/graphql/ws",
            "stream": f"{site}/graphql/stream",
            "sign_in": f"{site}/sign-in",
            "devices": f"{site}/devices",
            "outbox": f"{site}/outbox",
            "origins": list(FRONT_ENDS),
            "locations": _ids("Location", Location),
            "programs": _ids("Program", Program),
            "presets": _ids("Preset", Preset),
            **_staff(demo),
            "customers": [_customer(demo, name) for name in demo.customers],
        }


def _ids(kind: str, model: type[Location | Program | Preset]) -> list[Facts]:
    rows = model.objects.order_by("id")
    return [{"id": global_id(kind, row.pk), "name": row.name} for row in rows]


def _staff(demo: DemoBusiness) -> Facts:
    now = clock()
    send(now)
    found: Facts = {}
    for name, role in demo.staff:
        member = StaffMember.objects.get(user__email=demo.email(name))
        found[role.value] = {
            "id": global_id("StaffMember", member.pk),
            "name": name,
            "email": demo.email(name),
            "password": PASSWORD,
            "passcode": PASSCODES[role],
            "token": open_access(now=now.only, staff_id=member.pk).token,
        }
    return found


def _customer(demo: DemoBusiness, name: str) -> Facts:
    now = clock()
    send(now)
    found = Customer.objects.get(email=demo.email(name))
    return {
        "id": global_id("Customer", found.pk),
        "email": found.email,
        "token": open_access(now=now.only, customer_id=found.pk).token,
        "language": settings.LANGUAGE_CODE,
        "waiting": [
            {
                "title": bonus.title,
                "cardId": global_id("Card", bonus.card_id),
                "bonusId": global_id("Bonus", bonus.pk),
            }
            for bonus in Bonus.objects.filter(
                card__customer=found, status=BonusStatus.WAITING
            ).order_by("pk")
        ],
    }
