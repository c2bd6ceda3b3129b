"""One business's dearest documents, as many as it may run at once and more, harm nobody else."""

import json
import os
import threading
from collections import Counter
from concurrent.futures import ThreadPoolExecutor
from contextlib import ExitStack, suppress
from http.client import HTTPConnection, HTTPException

import pytest

from loyalty.base.values import Role
from tests.factories import people
from tests.factories.full_house import fill
from tests.factories.sales import ANN
from tests.harness import databases
from tests.harness.servers import Client, Servers
from tests.harness.storm import innocent, unharmed

pytestmark = [pytest.mark.xdist_group("servers"), pytest.mark.usefixtures("unblocked")]
CALLERS = 8
# How much there is to read; `make storm` has more.
HOUSE = int(os.environ.get("STORM_HOUSE", "4"))
_CARDS = (
    "me { ... on Customer { cards { program { name } bonuses { title choices { id name } }"
    " history(first: 10) { edges { node { text } } } } } }"
)
_SHELVES = "programs { edges { node { name products { name } presets { name } } } }"
_STORIES = "anomalies { edges { node { text sessions(first: 12) { explanation } } } }"
# By who may ask them: all within the limits, so that they run.
DEAR = {
    ANN: f"{{ {_CARDS} }}",
    "owner": f"{{ {_STORIES} }}",
    "manager": f"{{ {_SHELVES} }}",
}


class Storm:
    """Callers that ask again as soon as they are answered, until the storm is over."""

    def __init__(self, clients: list[tuple[Client, str]]) -> None:
        self._clients, self._over = clients, threading.Event()
        self.answers: Counter[int] = Counter()

    def rage(self, raging: ExitStack) -> None:
        """Begin; it ends with the stack."""
        pool = raging.enter_context(ThreadPoolExecutor(len(self._clients)))
        raging.callback(self._over.set)
        for client, query in self._clients:
            pool.submit(self._ask, client, query)

    def _ask(self, client: Client, query: str) -> None:
        headers = {**client.headers, "Content-Type": "application/json"}
        while not self._over.is_set():
            line = HTTPConnection("127.0.0.1", client.server.port, timeout=30)
            with suppress(HTTPException, OSError):
                line.request("POST", "/graphql", json.dumps({"query": query}), headers)
                answer = line.getresponse()
                answer.read()
                self.answers[answer.status] += 1
            line.close()


def test_dear_documents_of_one_business_are_in_nobodys_way(servers: Servers) -> None:
    server = servers.web[0]
    with databases.connected_to(servers.database_name):
        fill(HOUSE)
        tokens = {
            ANN: people.customer(ANN).token,
            "owner": people.staff(Role.OWNER).token,
            "manager": people.staff(Role.MANAGER).token,
        }
    asked = [list(DEAR.items())[n % len(DEAR)] for n in range(CALLERS)]
    storm = Storm([(Client(server, "alpha", tokens[who]), query) for who, query in asked])
    unharmed(innocent(servers, server), storm.rage, name="dear documents")
    # They ran: what was refused would prove nothing.
    assert storm.answers[200] >= CALLERS, storm.answers
