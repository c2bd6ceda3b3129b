"""Somebody who speaks to alpha over HTTP, and the people of alpha."""

import pytest

from loyalty.values import Role
from tests import databases, people
from tests.servers import Servers
from tests.wire import Wire


@pytest.fixture
def alpha(servers: Servers) -> Wire:
    return Wire(servers.web[0], "alpha")


@pytest.fixture(scope="module")
def tokens(servers: Servers) -> dict[str, str]:
    with databases.connected_to(servers.database_name):
        found = {role.value: people.staff(role).token for role in Role}
        return {**found, "customer": people.customer("hostile@alpha.example").token}
