"""The counter's screen follows its session over sockets and SSE."""

import json
import time
from datetime import datetime

import httpx
import pytest

from graphql_api.ids import global_id
from loyalty.base.values import Role
from tests.factories.operations import CARD_CHANGED, COLLECT, MINT, SESSION_STATUS, VOID
from tests.factories.people import Person, Place, customer, place, staff
from tests.harness import databases
from tests.harness.servers import Client, Servers
from tests.harness.sockets import subscribed

pytestmark = [pytest.mark.xdist_group("servers")]


def minted(client: Client, where: Place) -> dict[str, str]:
    """A fresh session."""
    found = client.ask(
        MINT,
        input={
            "programId": global_id("Program", where.program_id),
            "locationId": global_id("Location", where.location_id),
        },
    )
    return {"id": found["id"], "token": found["token"]}


@pytest.fixture
def people(servers: Servers, unblocked: None) -> dict[str, Person]:  # noqa: ARG001
    """Staff and customers in the servers' database."""
    with databases.connected_to(servers.database_name):
        return {
            "staff": staff(),
            "manager": staff(Role.MANAGER),
            "ann": customer("ann@alpha.example"),
            "bob": customer("bob@alpha.example"),
        }


@pytest.fixture
def where(servers: Servers, unblocked: None) -> Place:  # noqa: ARG001
    """Alpha's program and location."""
    with databases.connected_to(servers.database_name):
        return place()


def test_a_collect_on_another_process_reaches_the_socket_at_once(
    servers: Servers, people: dict[str, Person], where: Place
) -> None:
    near = Client(servers.web[0], "alpha", people["staff"].token)
    far = Client(servers.web[1], "alpha", people["ann"].token)
    waits = []
    for _ in range(10):
        session = minted(near, where)
        with subscribed(near, SESSION_STATUS, id=session["id"]) as stream:
            assert stream.next()["status"] == "OPEN"
            assert far.ask(COLLECT, input={"token": session["token"]})["__typename"] == "Collected"
            answered = time.monotonic()
            update = stream.next()
            waits.append(time.monotonic() - answered)
        assert (update["status"], update["unitsAdded"]) == ("COLLECTED", 1)
        assert "email" not in json.dumps(update)
    assert sorted(waits)[len(waits) // 2] < 0.1


def test_the_card_follows_too(servers: Servers, people: dict[str, Person], where: Place) -> None:
    counter = Client(servers.web[0], "alpha", people["staff"].token)
    phone = Client(servers.web[1], "alpha", people["bob"].token)
    first = phone.ask(COLLECT, input={"token": minted(counter, where)["token"]})["card"]
    with subscribed(phone, CARD_CHANGED, id=first["id"]) as stream:
        assert stream.next()["version"] == first["version"]
        second = phone.ask(COLLECT, input={"token": minted(counter, where)["token"]})["card"]
        changed = stream.next()
    assert changed["version"] == first["version"] + 1
    assert changed == second


def test_sse_tells_the_same(servers: Servers, people: dict[str, Person], where: Place) -> None:
    counter = Client(servers.web[0], "alpha", people["staff"].token)
    phone = Client(servers.web[1], "alpha", people["ann"].token)
    session = minted(counter, where)
    body = {"query": SESSION_STATUS, "variables": {"id": session["id"]}}
    headers = {**counter.headers, "Accept": "text/event-stream"}
    address = f"http://{servers.web[0].address}/graphql/stream"
    with httpx.stream("POST", address, json=body, headers=headers, timeout=10) as answer:
        assert answer.status_code == 200
        seen = []
        for line in answer.iter_lines():
            if line.startswith("data:") and line[5:].strip():
                seen.append(json.loads(line[5:])["data"]["sessionStatus"]["status"])
                if len(seen) == 1:
                    phone.ask(COLLECT, input={"token": session["token"]})
                else:
                    break
    assert seen == ["OPEN", "COLLECTED"]


@pytest.mark.parametrize("was_collected", [True, False])
def test_an_undo_and_its_followers_tell_the_same(
    servers: Servers,
    people: dict[str, Person],
    where: Place,
    was_collected: bool,  # noqa: FBT001  drawn by name
) -> None:
    counter = Client(servers.web[0], "alpha", people["staff"].token)
    phone = Client(servers.web[1], "alpha", people["bob"].token)
    session = minted(counter, where)
    counts: dict[str, int | None] = {
        "unitsAdded": None,
        "bonusesEarned": None,
        "waitingBonuses": None,
    }
    if was_collected:
        found = phone.ask(COLLECT, input={"token": session["token"]})
        waiting, earned = len(found["card"]["bonuses"]), len(found["bonusesEarned"])
        counts = {"unitsAdded": 1, "bonusesEarned": earned, "waitingBonuses": waiting}
    with subscribed(counter, SESSION_STATUS, id=session["id"]) as stream:
        assert stream.next()["status"] == ("COLLECTED" if was_collected else "OPEN")
        done, again = (counter.ask(VOID, input={"sessionId": session["id"]}) for _ in range(2))
        heard = stream.next()
    assert done == again
    told = {"sessionId": session["id"], "status": "VOIDED", "secondsLeft": 0, **counts}
    assert {**heard, "at": ""} == {**told, "at": ""}
    assert done == {"__typename": "SessionUpdate", **told, "at": done["at"]}
    # The undo's own moment, not that of the collect.
    assert datetime.fromisoformat(heard["at"]) >= datetime.fromisoformat(done["at"])


def test_only_the_maker_and_managers_may_listen(
    servers: Servers, people: dict[str, Person], where: Place
) -> None:
    session = minted(Client(servers.web[0], "alpha", people["manager"].token), where)
    for person, status in (("manager", "OPEN"), ("staff", None), ("ann", None)):
        client = Client(servers.web[0], "alpha", people[person].token)
        with subscribed(client, SESSION_STATUS, id=session["id"]) as stream:
            seen = stream.next()
        if status:
            assert seen["status"] == status
        else:
            assert seen["errors"][0]["extensions"]["code"] == "NOT_FOUND"
