"""One bonus, many phones and many staff at once, over two server processes."""

import os
from collections import Counter
from functools import partial
from typing import Any

import pytest

from graphql_api import ids
from graphql_api.ids import global_id
from loyalty.models import Bonus, Redemption
from loyalty.values import Role
from tests import databases, people
from tests.crowd import Crowd, root
from tests.operations import CANCEL, REQUEST, VALIDATE
from tests.people import Person
from tests.selling import full_card, inside
from tests.servers import Client, Servers

pytestmark = [pytest.mark.xdist_group("servers"), pytest.mark.usefixtures("unblocked")]
AT_ONCE = 64
ROUNDS = int(os.environ.get("RACE_ROUNDS", "5"))


def spread(servers: Servers, person: Person) -> Crowd:
    """64 lines of one person, over both processes."""
    return Crowd([Client(servers.web[n % 2], "alpha", person.token) for n in range(AT_ONCE)])


def test_64_requests_make_one_redemption(servers: Servers) -> None:
    _, _, person, card = full_card(servers, "asks@alpha.example")
    crowd = spread(servers, person)
    answers = [root(answer) for answer in crowd.at_once(REQUEST, lambda _: {"cardId": card})]
    crowd.close()
    assert len({(answer["id"], answer["pin"], answer["token"]) for answer in answers}) == 1


def test_confirm_and_cancel_leave_one_terminal_state(servers: Servers) -> None:
    _, staff, _ = inside(servers, [])
    counters = spread(servers, staff)
    for number in range(ROUNDS):
        # A customer of its own for each round: one alone may begin ten redemptions a minute.
        where, _, person, card = full_card(servers, f"ends{number}@alpha.example")
        live = Client(servers.web[1], "alpha", person.token).ask(REQUEST, input={"cardId": card})
        said = {"locationId": global_id("Location", where.location_id), "token": live["token"]}
        bodies = [{**said, "decision": "CONFIRM"}, {**said, "decision": "CANCEL"}]
        answers = counters.at_once(VALIDATE, partial(_alternating, bodies))
        won = _one_won([root(answer) for answer in answers])
        with databases.connected_to(servers.database_name):
            row = Redemption.objects.get(pk=ids.number(live["id"], "Redemption"))
            assert (row.status, row.bonus.status == "used") == (won.lower(), won == "CONFIRMED")
    counters.close()
    with databases.connected_to(servers.database_name):
        used = Bonus.objects.filter(status="used").count()
        assert used == Redemption.objects.filter(status="confirmed").count()


def _alternating(bodies: list[dict[str, Any]], number: int) -> dict[str, Any]:
    return bodies[number % len(bodies)]


def _one_won(answers: list[dict[str, Any]]) -> str:
    """The terminal state: half of the callers wanted it and see it, the others are told so."""
    states = Counter(answer.get("status", answer.get("code")) for answer in answers)
    won = "CONFIRMED" if "CONFIRMED" in states else "CANCELLED"
    told = "ALREADY_REDEEMED" if won == "CONFIRMED" else "REDEMPTION_CANCELLED"
    assert states == {won: AT_ONCE // 2, told: AT_ONCE // 2}
    return won


def test_a_customer_cancels_while_staff_confirm(servers: Servers) -> None:
    where, staff, person, card = full_card(servers, "both@alpha.example")
    place = {"locationId": global_id("Location", where.location_id)}
    phone = Client(servers.web[1], "alpha", person.token)
    counter = Client(servers.web[0], "alpha", staff.token)
    live = phone.ask(REQUEST, input={"cardId": card})
    taken = phone.ask(CANCEL, input={"redemptionId": live["id"]})
    given = counter.ask(VALIDATE, input={**place, "token": live["token"], "decision": "CONFIRM"})
    assert (taken["status"], given["code"]) == ("CANCELLED", "REDEMPTION_CANCELLED")


def test_a_hundred_guesses_at_once_are_five(servers: Servers) -> None:
    where, _, _, card = full_card(servers, "guessed@alpha.example")
    del card
    with databases.connected_to(servers.database_name):
        guesser = people.staff(Role.MANAGER)
    crowd = spread(servers, guesser)
    body = {
        "locationId": global_id("Location", where.location_id),
        "programId": global_id("Program", where.program_id),
        "decision": "PREVIEW",
    }
    answers = [
        root(answer) for answer in crowd.at_once(VALIDATE, lambda n: {**body, "pin": f"{n:04d}"})
    ]
    crowd.close()
    codes = Counter(answer.get("code") for answer in answers)
    assert codes["CODE_UNKNOWN"] <= 5
    assert codes["PIN_LOCKED"] >= AT_ONCE - 6
