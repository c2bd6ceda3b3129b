"""One bonus, many phones and many staff at once, over several server processes."""

import os
from collections import Counter
from functools import partial
from typing import Any

import pytest

from graphql_api import ids
from graphql_api.ids import global_id
from loyalty.base.values import Role
from loyalty.models import Bonus, Redemption
from tests.factories import people
from tests.factories.operations import CANCEL, REQUEST, VALIDATE
from tests.factories.people import Person
from tests.factories.selling import full_card, inside
from tests.harness import databases
from tests.harness.crowd import Crowd, root
from tests.harness.servers import Client, Servers

pytestmark = [pytest.mark.xdist_group("servers"), pytest.mark.usefixtures("unblocked")]
AT_ONCE = 64
ROUNDS = int(os.environ.get("RACE_ROUNDS", "5"))


def spread(servers: Servers, person: Person) -> Crowd:
    """64 lines of one person, over all processes."""
    return Crowd([servers.client(n, "alpha", person.token) for n in range(AT_ONCE)])


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


def test_requests_confirmations_and_cancellations_at_once_debit_once(servers: Servers) -> None:
    for number in range(ROUNDS):
        where, staff, person, card = full_card(servers, f"all{number}@alpha.example")
        live = servers.client(1, "alpha", person.token).ask(REQUEST, input={"cardId": card})
        given = {"locationId": global_id("Location", where.location_id), "token": live["token"]}
        deeds = [
            (REQUEST, person, {"cardId": card}),
            (VALIDATE, staff, {**given, "decision": "CONFIRM"}),
            (CANCEL, person, {"redemptionId": live["id"]}),
        ]
        mixed = [deeds[n % len(deeds)] for n in range(AT_ONCE)]
        crowd = Crowd(
            [servers.client(n, "alpha", who.token) for n, (_, who, _) in enumerate(mixed)]
        )
        answers = crowd.each([(query, body) for query, _, body in mixed])
        crowd.close()
        _debited_at_most_once(servers, card, live["id"], [root(answer) for answer in answers])


def _debited_at_most_once(
    servers: Servers, card: str, first: str, answers: list[dict[str, Any]]
) -> None:
    # Asked again after the cancellation, the customer gets a new redemption that nobody decides.
    told = {answer["status"] for answer in answers[1::3] + answers[2::3] if "status" in answer}
    assert len(told) == 1
    with databases.connected_to(servers.database_name):
        rows = list(Redemption.objects.filter(card_id=ids.number(card, "Card")).order_by("pk"))
        used = Bonus.objects.filter(card_id=ids.number(card, "Card"), status="used").count()
    assert rows[0].pk == ids.number(first, "Redemption")
    assert {rows[0].status.upper()} == told
    assert [row.status for row in rows[1:]] in ([], ["open"])
    assert used == (rows[0].status == "confirmed")


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
