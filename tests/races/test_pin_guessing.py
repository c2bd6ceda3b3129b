"""A hundred staff members guess PINs at once: a day's budget judges them, whoever they are."""

import secrets
from collections import Counter
from collections.abc import Callable, Iterator
from dataclasses import dataclass
from datetime import UTC, datetime, timedelta
from fractions import Fraction
from typing import Any

import pytest
from django.conf import settings

from graphql_api.ids import global_id
from loyalty.base.values import BonusModel, Mechanic, Mode, Role, StampMode
from loyalty.db.roundtrip import database_now
from loyalty.earning.collect import collect
from loyalty.earning.mint import SaleInput, mint
from loyalty.models import Event, Location, PinGuard, Program, Redemption, StaffMember
from loyalty.people.open_access import open_access
from loyalty.programs.publish_program import NewProgram, publish_program
from loyalty.redeeming.request_bonus import BonusRequest, request_bonus
from tenants import context
from tests.factories import people
from tests.factories.operations import REOPEN, VALIDATE
from tests.factories.people import BETA, OWNER, as_customer, as_staff
from tests.harness import databases
from tests.harness.crowd import Crowd, root
from tests.harness.servers import Servers

pytestmark = [pytest.mark.xdist_group("servers"), pytest.mark.usefixtures("unblocked")]
GUESSERS, TRIES_EACH, BUDGET, PINS = 100, 3, 10, 10_000
FILLS_A_CARD = Mechanic(BonusModel.STAMP_COUNT, Mode.SIMPLE, StampMode.PER_CART_QTY, threshold=5)


@pytest.fixture(autouse=True)
def noon(move_servers_clock: Callable[[timedelta], None]) -> None:
    """No day ends while the test runs."""
    now = datetime.now(UTC)
    at_noon = now.replace(hour=12, minute=0, second=0, microsecond=0) + timedelta(days=1)
    move_servers_clock(at_noon - now)


@pytest.fixture
def guessers(servers: Servers) -> Iterator[Crowd]:
    """A hundred signed-in staff members of beta, who leave after the test."""
    with databases.connected_to(servers.database_name), context.business(BETA):
        now = database_now()
        names = [f"Guesser {number}" for number in range(GUESSERS)]
        staff = [StaffMember.objects.create(name=name, role=Role.STAFF) for name in names]
        tokens = [open_access(now=now, staff_id=each.pk).token for each in staff]
    crowd = Crowd([servers.client(n, BETA, token) for n, token in enumerate(tokens)])
    yield crowd
    crowd.close()
    with databases.connected_to(servers.database_name), context.business(BETA):
        StaffMember.objects.filter(name__in=names).delete()


@dataclass(frozen=True)
class Prey:
    """A program with live redemptions: their PINs, and the token of one."""

    program_id: int
    location_id: int
    pins: frozenset[str]
    token: str


def program_with(live: int) -> Prey:
    """A program of its own at the one location, so that nobody else's tries count in it."""
    program: Program = publish_program(
        NewProgram("Prey", "EUR", FILLS_A_CARD, gives="Cake"), actor=OWNER
    )
    location = Location.objects.get(is_archived=False)
    sale, found = SaleInput(program.pk, location.pk, quantity=5), []
    for number in range(live):
        people.customer(f"prey{number}@beta.example")
        actor = as_customer(f"prey{number}@beta.example")
        made = mint(sale, actor=as_staff(Role.MANAGER), token_key=settings.TOKEN_KEY)
        card = collect(made.token or "", actor=actor, ip="192.0.2.1").card.id
        found.append(request_bonus(BonusRequest(card), actor=actor, token_key=settings.TOKEN_KEY))
    pins = frozenset(each.pin or "" for each in found)
    assert len(pins) == live
    return Prey(program.pk, location.pk, pins, found[0].token or "")


def wrong_pins(prey: Prey) -> list[str]:
    """All that nobody has, in an order that nobody knows."""
    others = [f"{number:04d}" for number in range(PINS) if f"{number:04d}" not in prey.pins]
    secrets.SystemRandom().shuffle(others)
    return others


def guess(guessers: Crowd, prey: Prey) -> Counter[str]:
    """What all heard who typed a PIN, three each; in the last round one in ten scans instead."""
    place = {"locationId": global_id("Location", prey.location_id), "decision": "PREVIEW"}
    typed = {**place, "programId": global_id("Program", prey.program_id)}
    pins, heard = wrong_pins(prey), Counter[str]()
    for turn in range(TRIES_EACH):

        def body(number: int, turn: int = turn) -> dict[str, Any]:
            if turn == TRIES_EACH - 1 and number % 10 == 0:
                return {**place, "token": prey.token}
            return {**typed, "pin": pins[turn * GUESSERS + number]}

        for answer in guessers.at_once(VALIDATE, body):
            found = root(answer)
            heard[found.get("code") or f"{found['__typename']} {found['status']}"] += 1
    return heard


@pytest.mark.parametrize(("live", "at_most"), [(1, 0.001), (5, 0.005)])
def test_the_days_budget_holds_for_all_of_them_together(
    servers: Servers, guessers: Crowd, live: int, at_most: float
) -> None:
    with databases.connected_to(servers.database_name), context.business(BETA):
        prey = program_with(live)
    scans = GUESSERS // 10
    assert guess(guessers, prey) == {
        "CODE_UNKNOWN": BUDGET,
        "PIN_LOCKED": GUESSERS * TRIES_EACH - scans - BUDGET,
        "RedemptionView OPEN": scans,
    }
    with databases.connected_to(servers.database_name), context.business(BETA):
        ids = StaffMember.objects.filter(name__startswith="Guesser").values_list("pk", flat=True)
        persons = PinGuard.objects.filter(what__in=[f"staff:{number}" for number in ids])
        assert PinGuard.objects.get(what=f"program:{prey.program_id}").count == BUDGET
        assert sum(len(guard.wrong.get("at", [])) for guard in persons) == BUDGET
        closed = Event.objects.filter(kind="pin_closed", details__program=prey.program_id)
        assert [(each.details or {})["what"] for each in closed] == ["program"]
        left = Redemption.objects.filter(program_id=prey.program_id)
        assert {each.status for each in left} == {"open"}
    # Each judged PIN is one of 10,000: this is what blind guessing hits in a day, at most.
    assert Fraction(BUDGET * live, PINS) <= Fraction(str(at_most))


def test_a_manager_who_is_not_alone_opens_it_once(servers: Servers) -> None:
    with databases.connected_to(servers.database_name), context.business(BETA):
        prey, manager = program_with(1), people.staff(Role.MANAGER)
        now = database_now()
        closed = {"day": now.date(), "count": BUDGET}
        PinGuard.objects.create(what=f"program:{prey.program_id}", **closed)
    crowd = Crowd([servers.client(n, BETA, manager.token) for n in range(64)])
    program = global_id("Program", prey.program_id)
    answers = [root(each) for each in crowd.at_once(REOPEN, lambda _: {"programId": program})]
    crowd.close()
    assert {each.get("triesLeft") for each in answers} == {BUDGET}
    with databases.connected_to(servers.database_name), context.business(BETA):
        opened = Event.objects.filter(kind="pin_reopened", details__program=prey.program_id)
        assert opened.count() == 1
        assert PinGuard.objects.get(what=f"program:{prey.program_id}").count == 0
