"""The handshake with two clients and their sockets, and a PIN that changes hands meanwhile."""

import json
from collections.abc import Callable
from datetime import timedelta
from typing import Any

import pytest
from django.conf import settings

from graphql_api import ids
from graphql_api.ids import global_id
from loyalty.base import tokens
from loyalty.models import Redemption
from tests.factories.operations import CARD_CHANGED, REDEMPTION_STATUS, REQUEST, VALIDATE
from tests.factories.people import Place
from tests.factories.selling import full_card
from tests.harness import databases
from tests.harness.servers import Client, Servers
from tests.harness.sockets import subscribed

pytestmark = [pytest.mark.xdist_group("servers"), pytest.mark.usefixtures("unblocked")]
# A PIN may be drawn again when its 90 seconds and three minutes more are over.
UNTIL_FREE = timedelta(seconds=90, minutes=3, microseconds=1)


def by_pin(where: Place, pin: str) -> dict[str, Any]:
    return {
        "locationId": global_id("Location", where.location_id),
        "programId": global_id("Program", where.program_id),
        "pin": pin,
        "decision": "PREVIEW",
    }


def decision(where: Place, redemption: str, decided: str = "CONFIRM") -> dict[str, Any]:
    place = {"locationId": global_id("Location", where.location_id)}
    return {**place, "redemptionId": redemption, "decision": decided}


@pytest.mark.parametrize("decided", ["CONFIRM", "CANCEL"])
def test_both_screens_see_the_end_and_the_card_follows(servers: Servers, decided: str) -> None:
    email = f"{decided.lower()}@handshake.example"
    where, staff, person, card = full_card(servers, email)
    # Both ends of the handshake on processes of their own.
    counter = Client(servers.web[0], "alpha", staff.token)
    phone = Client(servers.web[1], "alpha", person.token)
    is_given = decided == "CONFIRM"
    end = "CONFIRMED" if is_given else "CANCELLED"
    with subscribed(phone, CARD_CHANGED, id=card) as cards:
        before = cards.next()
        live = phone.ask(REQUEST, input={"cardId": card})
        assert (live["status"], len(live["pin"])) == ("OPEN", 4)
        with subscribed(phone, REDEMPTION_STATUS, id=live["id"]) as screen:
            assert screen.next()["status"] == "OPEN"
            seen = counter.ask(VALIDATE, input=by_pin(where, live["pin"]))
            assert (seen["id"], seen["product"]["name"]) == (live["id"], "Free coffee")
            with subscribed(counter, REDEMPTION_STATUS, id=seen["id"]) as till:
                shown = till.next()
                assert shown["status"] == "OPEN"
                done = counter.ask(VALIDATE, input=decision(where, seen["id"], decided))
                ends = [screen.next(), till.next()]
        assert {done["status"], *(each["status"] for each in ends)} == {end}
        assert {each["secondsLeft"] for each in ends} == {0}
        after = cards.next() if is_given else before
    said = json.dumps([seen, shown, done, ends[1]])
    assert email not in said
    assert global_id("Customer", person.id) not in said
    assert after["version"] == before["version"] + is_given
    assert len(after["bonuses"]) == len(before["bonuses"]) - is_given
    dead = counter.ask(VALIDATE, input=by_pin(where, live["pin"]))
    assert dead["code"] == ("ALREADY_REDEEMED" if is_given else "REDEMPTION_CANCELLED")


def test_a_pin_that_changes_hands_after_the_preview_gives_the_right_bonus_or_none(
    servers: Servers, move_servers_clock: Callable[[timedelta], None]
) -> None:
    where, staff, first, her_card = full_card(servers, "her@handshake.example")
    _, _, second, his_card = full_card(servers, "his@handshake.example")
    counter = Client(servers.web[0], "alpha", staff.token)
    hers = Client(servers.web[1], "alpha", first.token).ask(REQUEST, input={"cardId": her_card})
    seen = counter.ask(VALIDATE, input=by_pin(where, hers["pin"]))
    move_servers_clock(UNTIL_FREE)
    his = Client(servers.web[1], "alpha", second.token).ask(REQUEST, input={"cardId": his_card})
    draw(servers, his["id"], hers["pin"])
    # What was seen is named, not what was typed: the old preview gives nothing, to nobody.
    late = counter.ask(VALIDATE, input=decision(where, seen["id"]))
    assert late["code"] == "REDEMPTION_EXPIRED"
    assert states(servers, hers, his) == [("closed", "waiting"), ("open", "waiting")]
    # The same digits are his now, and his bonus is what they lead to.
    again = counter.ask(VALIDATE, input=by_pin(where, hers["pin"]))
    assert again["id"] == his["id"]
    assert counter.ask(VALIDATE, input=decision(where, again["id"]))["status"] == "CONFIRMED"
    assert states(servers, hers, his) == [("closed", "waiting"), ("confirmed", "used")]


def draw(servers: Servers, redemption: str, pin: str) -> None:
    """Chance, helped: his PIN is the one that was hers."""
    with databases.connected_to(servers.database_name):
        row = Redemption.objects.get(pk=ids.number(redemption, "Redemption"))
        row.pin_digest = tokens.pin_digest(settings.TOKEN_KEY, pin, program_id=row.program_id)
        row.save(update_fields=["pin_digest"])


def states(servers: Servers, *live: dict[str, Any]) -> list[tuple[str, str]]:
    """What is stored of these redemptions and their bonuses."""
    with databases.connected_to(servers.database_name):
        numbers = [ids.number(each["id"], "Redemption") for each in live]
        rows = [Redemption.objects.select_related("bonus").get(pk=number) for number in numbers]
        return [(row.status, row.bonus.status) for row in rows]
