"""A program of a test's own behind real servers, and a hundred people at its door."""

import os
from collections import Counter
from collections.abc import Iterator
from contextlib import contextmanager
from dataclasses import dataclass
from functools import partial
from typing import Any

from loyalty.models import Settings
from loyalty.switches import NONE, Switches
from tests.factories import people
from tests.factories.operations import COLLECT
from tests.factories.perks import Shop, Wanted, shop
from tests.harness import databases
from tests.harness.crowd import Crowd, root
from tests.harness.servers import Servers

AT_ONCE = 100
# `make races` plays 50 rounds with a hundred at once; the short form is enough for a glance.
ROUNDS = min(50, int(os.environ.get("RACE_ROUNDS", "2")))


@dataclass
class Door:
    """The servers, a program of this test, and its database."""

    servers: Servers
    shop: Shop

    @contextmanager
    def inside(self) -> Iterator[None]:
        """Look at the servers' database."""
        with databases.connected_to(self.servers.database_name):
            yield

    def tokens(self) -> list[str]:
        """A session for each of the crowd."""
        with self.inside():
            return [self.shop.token() for _ in range(AT_ONCE)]

    def crowd(self, tokens: list[str | None]) -> Crowd:
        """A line for each bearer of a token, over all processes."""
        return Crowd([self.servers.client(n, "alpha", token) for n, token in enumerate(tokens)])

    def crowd_of(self, email: str) -> Crowd:
        """A hundred lines of one customer."""
        with self.inside():
            token = people.customer(email).token
        return self.crowd([token] * AT_ONCE)


def opened(servers: Servers, switches: Switches = NONE, wanted: Wanted | None = None) -> Door:
    """A program of this test's own."""
    with databases.connected_to(servers.database_name):
        return Door(servers, shop(switches, wanted or Wanted()))


def collected(crowd: Crowd, tokens: list[str], **more: str) -> list[dict[str, Any]]:
    """Everybody collects a session of their own at the same moment."""
    return told(crowd, COLLECT, [{"token": token, **more} for token in tokens])


def told(crowd: Crowd, query: str, bodies: list[dict[str, Any]]) -> list[dict[str, Any]]:
    """The answers of everybody, who speak at the same moment and hang up."""
    answers = crowd.at_once(query, partial(list.__getitem__, bodies))
    crowd.close()
    return [root(answer) for answer in answers]


def kinds(answers: list[dict[str, Any]]) -> Counter[str]:
    return Counter(answer.get("code", answer["__typename"]) for answer in answers)


def one_passes(answers: list[dict[str, Any]], code: str, *, kind: str = "Collected") -> None:
    assert kinds(answers) == {kind: 1, code: AT_ONCE - 1}


@contextmanager
def settings(door: Door, **limits: int) -> Iterator[None]:
    """The business's limits, for a while."""
    with door.inside():
        Settings.objects.update(**limits)
    try:
        yield
    finally:
        with door.inside():
            Settings.objects.update(**dict.fromkeys(limits))
