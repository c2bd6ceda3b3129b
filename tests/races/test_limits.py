"""Every cap and limit, a hundred requests at one below it: exactly one passes."""

import pytest
from django.db.models import F

from graphql_api.ids import global_id
from loyalty.models import (
    Bonus,
    Card,
    EarnSession,
    IdempotencyKey,
    Preset,
    StaffMember,
)
from loyalty.models.program_budget import ProgramBudget
from loyalty.people.open_access import open_access
from loyalty.programs.budget import Budget
from loyalty.switches import NONE, Switches
from tests.factories import people
from tests.factories.doors import (
    AT_ONCE,
    ROUNDS,
    Door,
    collected,
    kinds,
    one_passes,
    opened,
    settings,
    told,
)
from tests.factories.operations import MINT
from tests.factories.perks import Shop, Wanted
from tests.harness.clock import now
from tests.harness.servers import Client, Servers

pytestmark = [pytest.mark.xdist_group("servers"), pytest.mark.usefixtures("unblocked")]


@pytest.mark.parametrize("has_key", [False, True])
def test_the_last_place_of_a_staff_member(servers: Servers, *, has_key: bool) -> None:
    door = opened(servers)
    with settings(door, staff_cap=3):
        for _ in range(ROUNDS):
            _one_place(door, has_key=has_key)


def _one_place(door: Door, *, has_key: bool) -> None:
    with door.inside():
        person = StaffMember.objects.create(name="New", role="staff")
        token = open_access(now=now(), staff_id=person.pk).token
        where = {
            "programId": global_id("Program", door.shop.program.pk),
            "locationId": global_id("Location", people.place().location_id),
        }
    first = Client(door.servers.web[0], "alpha", token)
    for _ in range(2):
        assert first.ask(MINT, input=where)["__typename"] == "EarnSession"
    bodies = [{**where, **({"idempotencyKey": f"{n}"} if has_key else {})} for n in range(AT_ONCE)]
    one_passes(told(door.crowd([token] * AT_ONCE), MINT, bodies), "STAFF_CAP", kind="EarnSession")
    # The key that made a session finds it again, the others are as good as new.
    again = kinds(told(door.crowd([token] * AT_ONCE), MINT, bodies))
    assert (again["EarnSession"], again["STAFF_CAP"]) == (has_key, AT_ONCE - has_key)
    with door.inside():
        assert EarnSession.objects.filter(staff=person).count() == 3
        kept = IdempotencyKey.objects.filter(actor=f"staff:{person.pk}")
        assert kept.count() == has_key


def test_one_collect_of_a_preset_within_its_cooldown(servers: Servers) -> None:
    door = opened(servers)
    for number in range(ROUNDS):
        with door.inside():
            preset = Preset.objects.create(
                program=door.shop.program, name="Cools", cooldown_minutes=60
            )
        fresh = Door(servers, Shop(door.shop.program, preset))
        crowd = door.crowd_of(f"cools{number}@alpha.example")
        one_passes(collected(crowd, fresh.tokens()), "COOLDOWN")


def test_the_last_visit_of_a_day(servers: Servers) -> None:
    door = opened(servers, Switches(daily_cap=3))
    for number in range(ROUNDS):
        email = f"daily{number}@alpha.example"
        with door.inside():
            people.customer(email)
            for _ in range(2):
                door.shop.visit(email)
        one_passes(collected(door.crowd_of(email), door.tokens()), "DAILY_CAP")
        with door.inside():
            assert door.shop.card(email).visits == 3


@pytest.mark.parametrize("limit", ["DAILY_CAP", "COOLDOWN"])
def test_the_last_visit_of_a_person_with_a_hundred_addresses(servers: Servers, limit: str) -> None:
    is_cap = limit == "DAILY_CAP"
    door = opened(servers, Switches(daily_cap=3) if is_cap else NONE)
    if not is_cap:
        with door.inside():
            cooling = {"name": "Cools", "cooldown_minutes": 60}
            preset = Preset.objects.create(program=door.shop.program, **cooling)
        door = Door(servers, Shop(door.shop.program, preset))
    for number in range(ROUNDS):
        spelled = [f"many{limit}{number}+{n}@alpha.example".lower() for n in range(AT_ONCE)]
        with door.inside():
            bearers = [people.customer(email).token for email in spelled]
            for n in range(2 if is_cap else 0):
                door.shop.visit(spelled[n])
        one_passes(collected(door.crowd([*bearers]), door.tokens()), limit)
        with door.inside():
            mine = Card.objects.filter(program=door.shop.program, customer__email__in=spelled)
            assert sum(mine.values_list("visits", flat=True)) == (3 if is_cap else 1)


@pytest.mark.parametrize("budget", [Budget(most_bonuses=3), Budget(most_worth=900)], ids=str)
def test_the_last_bonus_of_a_budget(servers: Servers, budget: Budget) -> None:
    door = opened(servers, wanted=Wanted(threshold=1, budget=budget))
    with door.inside():
        everybody = [people.customer(f"b{n}@alpha.example").token for n in range(AT_ONCE)]
        for n in range(2):
            door.shop.visit(f"b{n}@alpha.example")
    for number in range(ROUNDS):
        tokens = door.tokens()
        one_passes(collected(door.crowd([*everybody]), tokens), "PROGRAM_BUDGET")
        with door.inside():
            row = ProgramBudget.objects.filter(program=door.shop.program)
            given = Bonus.objects.filter(card__program=door.shop.program).count()
            assert row.values_list("bonuses", "worth").get() == (3 + number, 300 * (3 + number))
            assert given == 3 + number
            row.update(most_bonuses=F("most_bonuses") + 1, most_worth=F("most_worth") + 300)
