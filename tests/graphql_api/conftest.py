"""Somebody who speaks to alpha over HTTP, and the people of alpha."""

import pytest

from loyalty.base.values import Role
from tests.factories import people
from tests.harness import databases
from tests.harness.servers import Servers
from tests.harness.wire import Wire


@pytest.fixture
def alpha(servers: Servers) -> Wire:
    return Wire(servers.web[0], "alpha")


@pytest.fixture(scope="module")
def tokens(servers: Servers) -> dict[str, str]:
    with databases.connected_to(servers.database_name):
        found = {role.value: people.staff(role).token for role in Role}
        return {**found, "customer": people.customer("hostile@alpha.example").token}
