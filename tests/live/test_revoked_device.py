"""A device that is revoked, and somebody who left: refused at once, on open sockets too."""

import json
import time

import pytest

from loyalty.actions.revoke_device import revoke_device
from loyalty.models import StaffMember
from loyalty.values import Role
from tests import counter, databases
from tests.operations import ME, SESSION_STATUS
from tests.people import as_staff, place
from tests.selling import mint
from tests.servers import Client, Servers
from tests.sockets import subscribed

pytestmark = [pytest.mark.xdist_group("servers"), pytest.mark.usefixtures("unblocked")]
SELF = "{ device { name } }"
AT_ONCE, ON_SOCKETS = 1.0, 60.0


def codes(client: Client, query: str) -> set[str]:
    found = json.loads(client.post(query).text).get("errors", [])
    return {error["extensions"]["code"] for error in found}


@pytest.mark.parametrize("what", ["device", "person"])
def test_refused_at_once_and_on_sockets_soon(servers: Servers, what: str) -> None:
    with databases.connected_to(servers.database_name):
        at, where = counter.till("Live"), place()
        client = Client(servers.web[0], "alpha", at.on())
        number = as_staff().id
    other = Client(servers.web[1], "alpha", client.token)
    itself = Client(servers.web[1], "alpha", at.token)
    session = mint(client, where)

    def take_away() -> None:
        if what == "device":
            revoke_device(at.id, actor=as_staff(Role.OWNER))
        else:
            StaffMember.objects.filter(pk=number).update(is_active=False)

    try:
        with subscribed(client, SESSION_STATUS, id=session["id"]) as stream:
            assert stream.next()["status"] == "OPEN"
            with databases.connected_to(servers.database_name):
                take_away()
            begun = time.monotonic()
            assert codes(other, ME) == {"UNAUTHENTICATED"}
            assert codes(itself, SELF) == ({"UNAUTHENTICATED"} if what == "device" else set())
            assert time.monotonic() - begun < AT_ONCE
            # Nothing happens to the session: the stream ends by looking anew.
            ended = stream.next(timeout=ON_SOCKETS)
        assert ended["errors"][0]["extensions"]["code"] in {"UNAUTHENTICATED", "NOT_FOUND"}
    finally:
        with databases.connected_to(servers.database_name):
            StaffMember.objects.filter(pk=number).update(is_active=True)


def test_a_signed_out_person_leaves_the_device(servers: Servers) -> None:
    with databases.connected_to(servers.database_name):
        at = counter.till("Live")
        client = Client(servers.web[0], "alpha", at.on())
    assert client.post("mutation { signOut }").json()["data"]["signOut"] is True
    assert codes(client, ME) == {"UNAUTHENTICATED"}
    assert not codes(Client(servers.web[1], "alpha", at.token), SELF)
