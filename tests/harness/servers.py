"""Real server processes for tests, and a client that talks to them."""

import json
import os
import signal
import socket
import subprocess
import sys
import time
from collections.abc import Iterator, Sequence
from contextlib import contextmanager, suppress
from dataclasses import dataclass, field
from http.client import HTTPConnection
from pathlib import Path
from typing import Any, Protocol

import httpx
from psycopg.conninfo import conninfo_to_dict

ROOT = Path(__file__).resolve().parents[2]
_PATIENCE = 40.0


class Door(Protocol):
    """Where a client knocks: a server itself, or something between."""

    @property
    def port(self) -> int:
        """The port on this machine."""

    @property
    def address(self) -> str:
        """Where to connect."""


@dataclass
class Server:
    """One server process."""

    port: int
    process: subprocess.Popen[bytes]

    @property
    def address(self) -> str:
        """Where to connect."""
        return f"127.0.0.1:{self.port}"


@dataclass
class Servers:
    """Server processes and a job worker on one database."""

    database_url: str
    folder: Path
    web: list[Server] = field(default_factory=list)
    jobs: subprocess.Popen[bytes] | None = None

    @property
    def database_name(self) -> str:
        """The database's name."""
        return str(conninfo_to_dict(self.database_url)["dbname"])

    def start(self, *, processes: int) -> None:
        """Start and wait until all of them are ready."""
        ports = [free_port() for _ in range(processes)]
        self.web = [Server(port, self._web(port)) for port in ports]
        self.start_jobs()
        for server in self.web:
            self.wait_ready(server)

    def restart(self, server: Server) -> None:
        """Start a process that died, on its port, and wait until it is ready."""
        self.replace(server)
        self.wait_ready(server)

    def replace(self, server: Server) -> None:
        """Start a process that died, on its port."""
        server.process.wait()
        server.process = self._web(server.port)

    def start_jobs(self) -> None:
        """Start the job worker, also in place of one that died."""
        # With the jobs that only tests have.
        self.jobs = self._start("manage.py", "run_jobs", DJANGO_SETTINGS_MODULE="tests.settings")

    def wait_ready(self, server: Server) -> None:
        """Wait for /readyz."""
        deadline = time.monotonic() + _PATIENCE
        while time.monotonic() < deadline:
            try:
                if httpx.get(f"http://{server.address}/readyz").status_code == 200:
                    return
            except httpx.TransportError:
                pass
            time.sleep(0.1)
        raise TimeoutError((self.folder / "log").read_text()[-2000:])

    def client(self, number: int, business: str, token: str | None) -> "Client":
        """A caller; by their numbers they spread over all processes."""
        return Client(self.web[number % len(self.web)], business, token)

    def stop(self) -> None:
        """Stop everything, and leave nothing behind."""
        _end([server.process for server in self.web] + ([self.jobs] if self.jobs else []))

    def log(self) -> str:
        """What all processes have written so far."""
        return (self.folder / "log").read_text()

    @contextmanager
    def another(self, **environment: str) -> Iterator[Server]:
        """One more process for a while, with settings of its own."""
        port = free_port()
        server = Server(port, self._web(port, **environment))
        try:
            self.wait_ready(server)
            yield server
        finally:
            _end([server.process])

    def _web(self, port: int, **environment: str) -> subprocess.Popen[bytes]:
        where = ["--host", "127.0.0.1", "--port", str(port)]
        return self._start("manage.py", "serve", *where, **environment)

    def _start(self, *words: str, **more: str) -> subprocess.Popen[bytes]:
        environment = {
            **os.environ,
            "DATABASE_URL": self.database_url,
            "DEMO_DIR": str(self.folder),
            "EXTERNAL_PORT": "8000",
            **more,
        }
        with (self.folder / "log").open("ab") as log:
            return subprocess.Popen(
                [sys.executable, *words],
                cwd=ROOT,
                env=environment,
                stdout=log,
                stderr=log,
                start_new_session=True,
            )


@dataclass
class Client:
    """A caller of one business on one server."""

    server: Door
    business: str
    token: str | None = None

    @property
    def headers(self) -> dict[str, str]:
        """Host and authorization."""
        bearer = {"Authorization": f"Bearer {self.token}"} if self.token else {}
        return {"Host": f"{self.business}.localhost:{self.server.port}", **bearer}

    def post(self, query: str, /, **variables: Any) -> httpx.Response:
        """The raw answer to an operation."""
        body = {"query": query, "variables": variables}
        # httpx reads all certificates for each of its clients: too slow for thousands of calls.
        line = HTTPConnection("127.0.0.1", self.server.port, timeout=30)
        try:
            headers = {**self.headers, "Content-Type": "application/json"}
            line.request("POST", "/graphql", json.dumps(body), headers)
            answer = line.getresponse()
            return httpx.Response(answer.status, headers=answer.getheaders(), content=answer.read())
        finally:
            line.close()

    def ask(self, query: str, /, **variables: Any) -> dict[str, Any]:
        """The one root field's data."""
        answer = self.post(query, **variables)
        assert answer.status_code == 200, answer.text
        (value,) = json.loads(answer.text)["data"].values()
        found: dict[str, Any] = value
        return found


def _end(running: Sequence[subprocess.Popen[bytes]]) -> None:
    for process in running:
        # The leaders stop their own children in order.
        process.terminate()
    for process in running:
        try:
            process.wait(15)
        finally:
            with suppress(ProcessLookupError):
                os.killpg(process.pid, signal.SIGKILL)


def free_port() -> int:
    """A port that nobody listens on."""
    with socket.socket() as found:
        found.bind(("127.0.0.1", 0))
        port: int = found.getsockname()[1]
        return port
