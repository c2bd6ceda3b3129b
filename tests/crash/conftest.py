"""A Postgres and servers that these tests may kill."""

import json
import os
import subprocess
import sys
from collections.abc import Iterator
from dataclasses import dataclass
from pathlib import Path
from typing import Any

import psycopg
import pytest

from local import throwaway
from local.checkout import Checkout
from local.postgres import Server as Postgres
from local.profile import Profile
from tests.servers import ROOT, Servers


@dataclass
class Mortal:
    """Everything of one installation, and its demo's people."""

    postgres: Postgres
    servers: Servers
    demo: dict[str, Any]

    def look(self, query: str, *values: object) -> list[tuple[Any, ...]]:
        """Rows of the business `lumo`, past the product."""
        with psycopg.connect(self.postgres.url) as connection:
            connection.execute("SET search_path = lumo, public")
            return connection.execute(query, values).fetchall()


@pytest.fixture(scope="module")
def mortal(tmp_path_factory: pytest.TempPathFactory) -> Iterator[Mortal]:
    """Two server processes on a durable Postgres of their own."""
    folder = tmp_path_factory.mktemp("mortal")
    with throwaway.server(Checkout.here(), Profile.DURABLE) as postgres:
        servers = Servers(postgres.url, folder=folder)
        _seed(postgres.url, folder)
        try:
            servers.start(processes=2)
            demo = json.loads((folder / "demo.json").read_text())["businesses"]["lumo"]
            yield Mortal(postgres, servers, demo)
        finally:
            servers.stop()


def _seed(url: str, folder: Path) -> None:
    environment = {**os.environ, "DATABASE_URL": url, "DEMO_DIR": str(folder)}
    command = [sys.executable, "manage.py", "demo", "--json", str(folder / "demo.json")]
    subprocess.run(command, cwd=ROOT, env=environment, check=True, capture_output=True)
