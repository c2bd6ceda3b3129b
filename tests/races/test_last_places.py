"""The last place of a queue, a plan, a ladder and a welcome: a hundred requests, one passes."""

from collections import Counter

import pytest

from loyalty.base.errors import Refused
from loyalty.models import (
    Card,
    Customer,
    Event,
    Level,
    Program,
    QueuedSession,
)
from loyalty.switches import Reward, Switches
from tests.factories import people
from tests.factories.doors import AT_ONCE, ROUNDS, collected, kinds, one_passes, opened, settings
from tests.factories.operations import COLLECT
from tests.factories.people import as_customer
from tests.factories.perks import Shop, Wanted, shop
from tests.harness.servers import Client, Servers
from tests.harness.threads import at_once

pytestmark = [pytest.mark.xdist_group("servers"), pytest.mark.usefixtures("unblocked")]


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
    door = opened(servers, Switches(welcome=Reward(percent=10)))
    for number in range(ROUNDS):
        with door.inside():
            aliases = [f"w{number}+{n}@somewhere.example" for n in range(AT_ONCE)]
            people_here = [people.customer(alias).token for alias in aliases]
        answers = collected(door.crowd([*people_here]), door.tokens())
        assert kinds(answers) == {"Collected": AT_ONCE}
        assert sum(len(answer["bonusesEarned"]) for answer in answers) == 1


def test_the_last_rise_within_a_while(servers: Servers) -> None:
    door = opened(servers, wanted=Wanted(preset={"points": 1}))
    with settings(door, level_most_rises=2):
        with door.inside():
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
    with door.inside():
        Level.objects.all().delete()


def test_the_last_rise_of_a_mailbox(servers: Servers) -> None:
    door = opened(servers, wanted=Wanted(preset={"points": 1}))
    with settings(door, level_most_rises=2):
        with door.inside():
            Level.objects.create(name="L1", threshold=1)
        for number in range(ROUNDS):
            with door.inside():
                aliases = [f"r{number}+{n}@somewhere.example" for n in range(AT_ONCE)]
                people_here = [people.customer(alias).token for alias in aliases]
            answers = collected(door.crowd([*people_here]), door.tokens())
            assert kinds(answers) == {"Collected": AT_ONCE}
            with door.inside():
                found = Customer.objects.filter(email__in=aliases)
                assert found.filter(level_rung=1, level_held_at=None).count() == 2
                assert found.filter(level_rung=0, level_held_at__isnull=False).count() == (
                    AT_ONCE - 2
                )
    with door.inside():
        Level.objects.all().delete()


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
    running = Program.objects.filter(status="running")
    for _ in range(ROUNDS):
        with door.inside():
            limit = running.count() + 1
        with settings(door, max_running_programs=limit), door.inside():
            assert Counter(at_once(40, _publish)) == {"made": 1, "PLAN_LIMIT": 39}
            assert running.count() == limit


def _publish() -> str:
    try:
        shop()
    except Refused as refused:
        return refused.code
    return "made"
