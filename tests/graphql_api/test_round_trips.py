"""With everything switched on, a tap and a collect still wait for the database a few times only."""

import json
from pathlib import Path
from typing import Any

import pytest
from django.conf import settings
from django.db import connection
from django.test import Client
from pytest_django import Settings as DjangoSettings

from graphql_api.ids import global_id
from loyalty.base.values import Role
from loyalty.models import Bonus, Customer, Level, Settings
from loyalty.programs.budget import Budget
from loyalty.switches import BirthdayRule, Reward, StreakRule, Switches
from tests.factories import people
from tests.factories.counter import till
from tests.factories.operations import COLLECT, MINT, VALIDATE
from tests.factories.people import place
from tests.factories.perks import Shop, Wanted, shop
from tests.harness.clock import now
from tests.harness.trips import round_trips

pytestmark = pytest.mark.usefixtures("own_database")
# One looks the bearer's token up; two are the action's own. Two more read what a client may ask for
# besides: the card's program, and the products of all bonuses together.
AT_MOST = 3
EVERYTHING = Switches(
    points=1,
    card=Reward(percent=10),
    streak=StreakRule(7, 1, freezes=2, skips_closed_days=True),
    birthday=BirthdayRule(min_past_bonuses=0),
    welcome=Reward(amount=100),
    units_expire_after=6,
    bonus_valid_days=30,
    daily_cap=50,
)


@pytest.fixture(autouse=True)
def _collected_files(settings: DjangoSettings, tmp_path: Path) -> None:
    """Nobody has collected static files here, and WhiteNoise would warn about it."""
    settings.STATIC_ROOT = tmp_path


def full_shop() -> Shop:
    """Switches, levels, caps and a budget."""
    Settings.objects.update(staff_cap=100, level_most_rises=5)
    for threshold, percent in ((1, 100), (5, 150), (9, 200)):
        gift = {"percent": 5, "title": "5 %"}
        Level.objects.create(name=f"L{threshold}", threshold=threshold, percent=percent, gift=gift)
    budget = Budget(most_bonuses=1_000, most_worth=1_000_000)
    preset = {"points": 2, "cooldown_minutes": 1}
    return shop(EVERYTHING, Wanted(threshold=1, budget=budget, preset=preset))


def asked(client: Client, query: str, body: dict[str, Any], token: str) -> dict[str, Any]:
    answer = client.post(
        "/graphql",
        json.dumps({"query": query, "variables": {"input": body}}),
        content_type="application/json",
        headers={"Host": "alpha.localhost:8000", "Authorization": f"Bearer {token}"},
    )
    (found,) = json.loads(answer.content)["data"].values()
    return dict(found)


def test_a_tap_and_a_collect_with_everything_switched_on() -> None:
    here, client = full_shop(), Client()
    staff = people.staff(Role.STAFF).token
    sale = {
        "programId": global_id("Program", here.program.pk),
        "locationId": global_id("Location", place().location_id),
        "presetId": global_id("Preset", here.preset.pk),
    }
    today = now().date()
    for name in ("warm", "new"):
        customer = people.customer(f"{name}@alpha.example")
        Customer.objects.filter(pk=customer.id).update(
            birth_month=today.month, birth_day=min(today.day, 28)
        )
        with round_trips() as tapping:
            made = asked(client, MINT, {**sale, "idempotencyKey": f"m-{name}"}, staff)
        with round_trips() as collecting:
            body = {"token": made["token"], "idempotencyKey": f"c-{name}"}
            got = asked(client, COLLECT, body, customer.token)
    assert got["__typename"] == "Collected"
    sources = Bonus.objects.filter(card__customer_id=customer.id).values_list("source", flat=True)
    assert sorted(sources) == ["birthday", "card", "level", "streak", "welcome"]
    # The first of each warmed what a process remembers.
    assert len(tapping) <= AT_MOST, tapping
    assert len(collecting) <= AT_MOST + 2, collecting
    connection.close()


def test_a_device_costs_no_round_trip() -> None:
    here, client, at = full_shop(), Client(), till()
    where = {"locationId": global_id("Location", place().location_id)}
    sale = {**where, "programId": global_id("Program", here.program.pk)}
    typed = {**sale, "decision": "PREVIEW", "pin": "0000"}
    seen: list[tuple[int, int, int]] = []
    for number, staff in enumerate((people.staff().token, people.staff().token, at.on())):
        with round_trips() as tapping:
            made = asked(client, MINT, sale, staff)
        with round_trips() as typing:
            assert asked(client, VALIDATE, typed, staff)["code"] == "CODE_UNKNOWN"
        customer = people.customer(f"trips{number}@alpha.example").token
        # Another device's browser: it is looked up, and may collect.
        client.cookies[settings.DEVICE_COOKIE] = till("Other").token if number else ""
        with round_trips() as collecting:
            got = asked(client, COLLECT, {"token": made["token"]}, customer)
        assert got["__typename"] == "Collected"
        client.cookies.clear()
        seen.append((len(tapping), len(typing), len(collecting)))
    # The first of all warmed what a process remembers.
    assert seen[2] == seen[1]
    assert seen[2][0] <= AT_MOST
    assert seen[2][2] <= AT_MOST + 2
    connection.close()
