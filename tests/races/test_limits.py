"""Every cap and limit, a hundred requests at one below it: exactly one passes."""

import os
from collections import Counter
from collections.abc import Iterator
from contextlib import contextmanager
from dataclasses import dataclass
from functools import partial
from typing import Any

import pytest
from django.db.models import F

from graphql_api.ids import global_id
from loyalty.actions.open_access import open_access
from loyalty.errors import Refused
from loyalty.models import (
    Bonus,
    Card,
    Customer,
    EarnSession,
    Event,
    IdempotencyKey,
    Level,
    Preset,
    Program,
    QueuedSession,
    Settings,
    StaffMember,
)
from loyalty.models.program_budget import ProgramBudget
from loyalty.policies.budget import Budget
from loyalty.switches import NONE, Gift, Switches
from tests import databases, people
from tests.clock import now
from tests.crowd import Crowd, root
from tests.operations import COLLECT, MINT
from tests.people import as_customer
from tests.perks import Shop, Wanted, shop
from tests.servers import Client, Servers
from tests.threads import at_once

pytestmark = [pytest.mark.xdist_group("servers"), pytest.mark.usefixtures("unblocked")]
AT_ONCE = 100
ROUNDS = int(os.environ.get("RACE_ROUNDS", "2"))


@dataclass
class Door:
    """The servers, a program of this test, and its database."""

    servers: Servers
    shop: Shop

    @contextmanager
    def inside(self) -> Iterator[None]:
        """Look at the servers' database."""
        with databases.connected_to(self.servers.database_name):
            yield

    def tokens(self) -> list[str]:
        """A session for each of the crowd."""
        with self.inside():
            return [self.shop.token() for _ in range(AT_ONCE)]

    def crowd(self, tokens: list[str | None]) -> Crowd:
        """A line for each bearer of a token, over both processes."""
        web = self.servers.web
        return Crowd([Client(web[n % 2], "alpha", token) for n, token in enumerate(tokens)])

    def crowd_of(self, email: str) -> Crowd:
        """A hundred lines of one customer."""
        with self.inside():
            token = people.customer(email).token
        return self.crowd([token] * AT_ONCE)


def opened(servers: Servers, switches: Switches = NONE, wanted: Wanted | None = None) -> Door:
    """A program of this test's own."""
    with databases.connected_to(servers.database_name):
        return Door(servers, shop(switches, wanted or Wanted()))


def collected(crowd: Crowd, tokens: list[str], **more: str) -> list[dict[str, Any]]:
    """Everybody collects a session of their own at the same moment."""
    return told(crowd, COLLECT, [{"token": token, **more} for token in tokens])


def told(crowd: Crowd, query: str, bodies: list[dict[str, Any]]) -> list[dict[str, Any]]:
    """The answers of everybody, who speak at the same moment and hang up."""
    answers = crowd.at_once(query, partial(list.__getitem__, bodies))
    crowd.close()
    return [root(answer) for answer in answers]


def kinds(answers: list[dict[str, Any]]) -> Counter[str]:
    return Counter(answer.get("code", answer["__typename"]) for answer in answers)


def one_passes(answers: list[dict[str, Any]], code: str, *, kind: str = "Collected") -> None:
    assert kinds(answers) == {kind: 1, code: AT_ONCE - 1}


@pytest.mark.parametrize("has_key", [False, True])
def test_the_last_place_of_a_staff_member(servers: Servers, *, has_key: bool) -> None:
    door = opened(servers)
    with door.inside():
        Settings.objects.update(staff_cap=3)
    for number in range(ROUNDS):
        with door.inside():
            person = StaffMember.objects.create(name="New", role="staff")
            token = open_access(now=now(), staff_id=person.pk).token
        where = {
            "programId": global_id("Program", door.shop.program.pk),
            "locationId": global_id("Location", inside_location(door)),
        }
        first = Client(servers.web[0], "alpha", token)
        for _ in range(2):
            assert first.ask(MINT, input=where)["__typename"] == "EarnSession"
        keys = [{"idempotencyKey": f"{number}-{n}"} if has_key else {} for n in range(AT_ONCE)]
        bodies = [{**where, **key} for key in keys]
        answers = told(door.crowd([token] * AT_ONCE), MINT, bodies)
        one_passes(answers, "STAFF_CAP", kind="EarnSession")
        with door.inside():
            assert EarnSession.objects.filter(staff=person).count() == 3
            kept = IdempotencyKey.objects.filter(actor=f"staff:{person.pk}").count()
            assert kept == has_key
        # A refused key is as good as new.
        again = told(door.crowd([token] * AT_ONCE), MINT, bodies)
        made = kinds(again)
        assert made["STAFF_CAP"] == AT_ONCE - has_key
        assert made["EarnSession"] == has_key
    with door.inside():
        Settings.objects.update(staff_cap=None)


def inside_location(door: Door) -> int:
    with door.inside():
        return people.place().location_id


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


def test_the_last_place_in_an_address_s_queue(servers: Servers) -> None:
    door = opened(servers)
    for number in range(ROUNDS):
        email = f"queue{number}@somewhere.example"
        tokens = door.tokens()
        for token in tokens[:4]:
            found = Client(servers.web[0], "alpha").ask(
                COLLECT, input={"token": token, "email": email}
            )
            assert found["__typename"] == "CollectQueued"
        fresh = [*tokens[4:], *door.tokens()[:4]]
        answers = collected(door.crowd([None] * AT_ONCE), fresh, email=email)
        one_passes(answers, "QUEUE_FULL", kind="CollectQueued")
        with door.inside():
            assert QueuedSession.objects.filter(email=email).count() == 5


def test_one_welcome_for_a_mailbox(servers: Servers) -> None:
    door = opened(servers, Switches(welcome=Gift(percent=10)))
    for number in range(ROUNDS):
        with door.inside():
            aliases = [f"w{number}+{n}@somewhere.example" for n in range(AT_ONCE)]
            people_here = [people.customer(alias).token for alias in aliases]
        answers = collected(door.crowd([*people_here]), door.tokens())
        assert kinds(answers) == {"Collected": AT_ONCE}
        assert sum(len(answer["bonusesEarned"]) for answer in answers) == 1


def test_the_last_rise_within_a_while(servers: Servers) -> None:
    door = opened(servers, wanted=Wanted(preset={"points": 1}))
    try:
        with door.inside():
            Settings.objects.update(level_most_rises=2)
            Level.objects.bulk_create(Level(name=f"L{n}", threshold=n) for n in range(1, 6))
        for number in range(ROUNDS):
            email = f"rises{number}@alpha.example"
            with door.inside():
                people.customer(email)
                door.shop.visit(email)
            answers = collected(door.crowd_of(email), door.tokens())
            assert kinds(answers) == {"Collected": AT_ONCE}
            with door.inside():
                _one_rise(email, door.shop)
    finally:
        with door.inside():
            Level.objects.all().delete()
            Settings.objects.update(level_most_rises=None)


def _one_rise(email: str, here: Shop) -> None:
    customer = Customer.objects.get(pk=as_customer(email).id)
    assert (customer.level_rung, len(customer.level_rises)) == (2, 2)
    assert customer.level_held_at
    assert Card.objects.get(customer=customer, program=here.program).points == AT_ONCE + 1
    events = Event.objects.filter(kind="collected", customer_id=customer.pk)
    assert events.filter(details__level="held").count() == AT_ONCE - 1


def test_the_last_program_of_a_plan(servers: Servers) -> None:
    # No door of the API starts programs yet: threads do, on connections of their own.
    door = opened(servers)
    with door.inside():
        for _ in range(ROUNDS):
            running = Program.objects.filter(status="running")
            Settings.objects.update(max_running_programs=running.count() + 1)
            limit = running.count() + 1
            found = Counter(at_once(40, _publish))
            assert found == {"made": 1, "PLAN_LIMIT": 39}
            assert running.count() == limit
        Settings.objects.update(max_running_programs=None)


def _publish() -> str:
    try:
        shop()
    except Refused as refused:
        return refused.code
    return "made"
