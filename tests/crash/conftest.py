"""A Postgres and servers that these tests may kill."""

import json
import os
import subprocess
import sys
from collections.abc import Iterator
from concurrent.futures import ThreadPoolExecutor
from dataclasses import dataclass, field
from pathlib import Path
from typing import Any

import psycopg
import pytest

from local import throwaway
from local.checkout import Checkout
from local.postgres import Server as Postgres
from local.profile import Profile
from tests.crash.crew import Crew
from tests.harness.servers import ROOT, Servers


@dataclass
class Mortal:
    """Everything of one installation, and its demo's people."""

    postgres: Postgres
    servers: Servers
    demo: dict[str, Any]
    # Postgres ends with the thread that started it, so that one has to last.
    _starter: ThreadPoolExecutor = field(default_factory=lambda: ThreadPoolExecutor(1))

    def start_postgres(self) -> None:
        """Serving when it returns; from any thread."""
        self._starter.submit(self.postgres.start).result()

    def look(self, query: str, *values: object) -> list[tuple[Any, ...]]:
        """Rows of the business `lumo`, past the product."""
        with psycopg.connect(self.servers.database_url) as connection:
            connection.execute("SET search_path = lumo, public")
            return connection.execute(query, values).fetchall()

    def crew(self, name: str, *, customers: int) -> Crew:
        """Staff, managers and customers of `lumo` that nobody else uses."""
        return Crew.read(self._run("-m", "tests.crash.crew", name, str(customers)).stdout)

    def enqueue(self, lock: int) -> str:
        """The id of a new job that ends once nobody holds this advisory lock."""
        return self._run("-m", "tests.crash.enqueue", str(lock)).stdout.strip()

    def manage(self, command: str) -> str:
        """What a command for `lumo` says; raises CalledProcessError when it finds something."""
        return self._run("manage.py", command, "lumo").stdout

    def _run(self, *words: str) -> subprocess.CompletedProcess[str]:
        environment = {**os.environ, "DATABASE_URL": self.servers.database_url}
        command = [sys.executable, *words]
        return subprocess.run(
            command, cwd=ROOT, env=environment, check=True, stdout=subprocess.PIPE, text=True
        )


@pytest.fixture(scope="session")
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
