"""`reopenPinEntry` over HTTP: who may, and that nothing changes for all others."""

from typing import Any

import pytest

from graphql_api.ids import global_id
from loyalty.base.values import Role
from loyalty.db.roundtrip import clock, send
from loyalty.models import Event, Location, PinGuard
from tenants import context
from tests.factories import people
from tests.factories.operations import REOPEN
from tests.harness import databases
from tests.harness.servers import Servers
from tests.harness.wire import Answer, Wire

pytestmark = [pytest.mark.xdist_group("servers"), pytest.mark.usefixtures("unblocked")]


def budget(servers: Servers) -> int:
    """How many wrong PINs a day alpha's program allows, with the locations that it has by now."""
    with databases.connected_to(servers.database_name):
        return 10 * Location.objects.filter(is_archived=False).count()


@pytest.fixture
def program(servers: Servers) -> int:
    """Alpha's program, whose budget of today is used up."""
    allowed = budget(servers)
    with databases.connected_to(servers.database_name):
        number, now = people.place().program_id, clock()
        send(now)
        closed = {"day": now.only.date(), "count": allowed}
        PinGuard.objects.update_or_create(what=f"program:{number}", defaults=closed)
    return number


def books(servers: Servers) -> list[list[Any]]:
    with databases.connected_to(servers.database_name):
        found: list[Any] = [PinGuard.objects, Event.objects.filter(kind="pin_reopened")]
        return [list(rows.order_by("pk").values()) for rows in found]


def ask(alpha: Wire, token: str | None, program: int) -> Answer:
    return alpha.ask(REOPEN, token=token, input={"programId": global_id("Program", program)})


@pytest.mark.parametrize("who", [None, "customer", "staff"])
def test_not_for_everybody(
    servers: Servers, alpha: Wire, tokens: dict[str, str], program: int, who: str | None
) -> None:
    before = books(servers)
    expected = "FORBIDDEN" if who else "UNAUTHENTICATED"
    assert ask(alpha, tokens[who] if who else None, program).codes == {expected}
    assert books(servers) == before


def test_not_for_another_business(servers: Servers, alpha: Wire, program: int) -> None:
    with databases.connected_to(servers.database_name), context.business("beta"):
        foreign = people.staff(Role.MANAGER).token
    before = books(servers)
    assert ask(alpha, foreign, program).codes == {"UNAUTHENTICATED"}
    # At home the same number means a program of their own, which is open.
    assert not ask(Wire(servers.web[0], "beta"), foreign, program).codes
    assert books(servers) == before


@pytest.mark.parametrize("who", ["manager", "owner"])
def test_for_managers(
    servers: Servers, alpha: Wire, tokens: dict[str, str], program: int, who: str
) -> None:
    opened = len(books(servers)[1])
    for _ in range(2):
        found = ask(alpha, tokens[who], program)
        assert found.data == {
            "__typename": "PinEntryReopened",
            "programId": global_id("Program", program),
            "triesLeft": budget(servers),
        }
    assert len(books(servers)[1]) == opened + 1
    unknown = ask(alpha, tokens[who], program + 1_000)
    assert unknown.codes == {"NOT_FOUND"}
