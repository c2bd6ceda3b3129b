"""A card's history over a socket: read beside the event loop, in the socket's language."""

import pytest

from tests.factories.operations import COLLECT
from tests.factories.selling import inside, mint
from tests.harness.servers import Client, Servers
from tests.harness.sockets import subscribed

pytestmark = [pytest.mark.xdist_group("servers"), pytest.mark.usefixtures("unblocked")]
FOLLOWED = """subscription ($id: ID!) { cardChanged(cardId: $id) { version
  history(first: 1) { edges { node { kind unitsAfter text } } } } }"""


def test_each_change_brings_its_line(servers: Servers) -> None:
    where, staff, (person,) = inside(servers, ["history@alpha.example"])
    counter = Client(servers.web[0], "alpha", staff.token)
    phone = Client(servers.web[1], "alpha", person.token)
    card = phone.ask(COLLECT, input={"token": mint(counter, where)["token"]})["card"]
    with subscribed(phone, FOLLOWED, id=card["id"]) as stream:
        for units in (1, 2):
            (edge,) = stream.next()["history"]["edges"]
            assert edge["node"] == {
                "kind": "COLLECTED",
                "unitsAfter": units,
                "text": "1 stamp at Alpha Coffee.",
            }
            phone.ask(COLLECT, input={"token": mint(counter, where)["token"]})
