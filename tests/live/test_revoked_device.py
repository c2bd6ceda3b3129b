"""A device that is revoked, and somebody who left: refused at once, on open sockets too."""

import json
import time
from contextlib import AbstractContextManager
from dataclasses import dataclass

import pytest

from loyalty.base.values import Role
from loyalty.devices.revoke_device import revoke_device
from loyalty.models import StaffMember
from tests.factories import counter
from tests.factories.operations import ME, SESSION_STATUS
from tests.factories.people import as_staff, place
from tests.factories.selling import mint
from tests.harness import databases
from tests.harness.servers import Client, Servers
from tests.harness.sockets import Stream, subscribed

pytestmark = [pytest.mark.xdist_group("servers"), pytest.mark.usefixtures("unblocked")]
SELF = "{ device { name } }"
AT_ONCE, ON_SOCKETS = 1.0, 60.0


def codes(client: Client, query: str) -> set[str]:
    found = json.loads(client.post(query).text).get("errors", [])
    return {error["extensions"]["code"] for error in found}


@dataclass(frozen=True)
class Counter:
    """Somebody at a device of their own, with a sale whose code is shown."""

    till: counter.Till
    number: int
    person: Client
    # The same token, and the device's own one, at another server.
    elsewhere: Client
    device: Client
    sale: str

    @classmethod
    def of(cls, servers: Servers, role: Role) -> "Counter":
        with databases.connected_to(servers.database_name):
            at, where, number = counter.till(role), place(), as_staff(role).id
            person = Client(servers.web[0], "alpha", at.on(role))
        elsewhere = Client(servers.web[1], "alpha", person.token)
        device = Client(servers.web[1], "alpha", at.token)
        return cls(at, number, person, elsewhere, device, mint(person, where)["id"])

    def follows(self) -> AbstractContextManager[Stream]:
        return subscribed(self.person, SESSION_STATUS, id=self.sale)


def test_refused_at_once_and_on_sockets_soon(servers: Servers) -> None:
    revoked, left = Counter.of(servers, Role.MANAGER), Counter.of(servers, Role.STAFF)
    person = StaffMember.objects.filter(pk=left.number)
    try:
        with revoked.follows() as first, left.follows() as second:
            assert [stream.next()["status"] for stream in (first, second)] == ["OPEN", "OPEN"]
            with databases.connected_to(servers.database_name):
                revoke_device(revoked.till.id, actor=as_staff(Role.OWNER))
                person.update(is_active=False)
            begun = time.monotonic()
            assert codes(revoked.elsewhere, ME) == codes(left.elsewhere, ME) == {"UNAUTHENTICATED"}
            assert time.monotonic() - begun < AT_ONCE
            assert codes(revoked.device, SELF) == {"UNAUTHENTICATED"}
            assert not codes(left.device, SELF)
            # Nothing happens to the sessions: the streams end by looking again.
            for stream in (first, second):
                ended = stream.next(timeout=ON_SOCKETS + begun - time.monotonic())
                assert ended["errors"][0]["extensions"]["code"] in {"UNAUTHENTICATED", "NOT_FOUND"}
    finally:
        with databases.connected_to(servers.database_name):
            person.update(is_active=True)


def test_a_signed_out_person_leaves_the_device(servers: Servers) -> None:
    with databases.connected_to(servers.database_name):
        at = counter.till("Live")
        client = Client(servers.web[0], "alpha", at.on())
    assert client.post("mutation { signOut }").json()["data"]["signOut"] is True
    assert codes(client, ME) == {"UNAUTHENTICATED"}
    assert not codes(Client(servers.web[1], "alpha", at.token), SELF)
