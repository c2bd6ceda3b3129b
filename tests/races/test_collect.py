"""One token, 64 phones at once, over several server processes: one credit each."""

import os
from collections import Counter

import pytest

from tests.factories.operations import COLLECT
from tests.factories.selling import books, inside, mint
from tests.harness.crowd import Crowd, root
from tests.harness.servers import Client, Servers

pytestmark = [pytest.mark.xdist_group("servers"), pytest.mark.usefixtures("unblocked")]

PHONES = 64
# `make races` plays 200 rounds on 4 processes; the short form is enough to fail without the lock.
ROUNDS = int(os.environ.get("RACE_ROUNDS", "10"))


def test_64_customers_race_for_one_token(servers: Servers) -> None:
    where, staff, customers = inside(servers, [f"r{n}@alpha.example" for n in range(PHONES)])
    counter = Client(servers.web[0], "alpha", staff.token)
    phones = [servers.client(n, "alpha", person.token) for n, person in enumerate(customers)]
    crowd = Crowd(phones)
    before = books(servers)
    for _ in range(ROUNDS):
        token = mint(counter, where)["token"]
        answers = [root(answer) for answer in crowd.collect(token)]
        codes = Counter(answer.get("code", answer["__typename"]) for answer in answers)
        assert codes == {"Collected": 1, "ALREADY_COLLECTED": PHONES - 1}
    crowd.close()
    assert books(servers) == tuple(number + ROUNDS for number in before)


def test_one_customer_collects_64_times_and_gets_one_answer(servers: Servers) -> None:
    where, staff, (person,) = inside(servers, ["eager@alpha.example"])
    counter = Client(servers.web[0], "alpha", staff.token)
    crowd = Crowd([servers.client(n, "alpha", person.token) for n in range(PHONES)])
    before = books(servers)
    for _ in range(ROUNDS):
        token = mint(counter, where)["token"]
        answers = crowd.collect(token)
        assert len(set(answers)) == 1
        assert root(answers[0])["unitsAdded"] == 1
    crowd.close()
    assert books(servers) == tuple(number + ROUNDS for number in before)


def test_one_customer_collects_many_sessions_at_once(servers: Servers) -> None:
    where, staff, (person,) = inside(servers, ["hoarder@alpha.example"])
    counter = Client(servers.web[0], "alpha", staff.token)
    crowd = Crowd([servers.client(n, "alpha", person.token) for n in range(16)])
    tokens = [mint(counter, where)["token"] for _ in range(16)]
    answers = [root(answer) for answer in crowd.at_once(COLLECT, lambda n: {"token": tokens[n]})]
    crowd.close()
    # The first visit makes the card; the versions that the sixteen saw have no gap and no twin.
    assert sorted(answer["card"]["version"] for answer in answers) == list(range(1, 17))
    assert len({answer["card"]["id"] for answer in answers}) == 1
    assert sum(len(answer["bonusesEarned"]) for answer in answers) == 3
