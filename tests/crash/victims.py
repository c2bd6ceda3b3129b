"""What is killed, how it comes back, and how long that takes."""

import os
import signal
import threading
import time
from collections.abc import Callable
from dataclasses import dataclass, field
from http.client import HTTPException
from typing import Protocol

import psycopg

from tests.crash.conftest import Mortal
from tests.harness.servers import Client, Server

_PATIENCE = 120.0
_PAUSE = 0.02
_BEAT = "SELECT count(*) FROM public.tenants_jobpulse WHERE seen_at > to_timestamp(%s)"
_ANY_BACKEND = """
SELECT pid FROM pg_stat_activity WHERE backend_type = 'client backend'
   AND pid <> pg_backend_pid() ORDER BY random() LIMIT 1
"""


class Victim(Protocol):
    """Something that is killed and comes back; one deed at a time."""

    name: str

    def kill(self) -> None:
        """`kill -9`."""

    def revive(self) -> float:
        """Seconds until it does its work again, counted as its goal is."""


@dataclass
class Web:
    """A server process with all its workers; counted from the kill."""

    mortal: Mortal
    server: Server
    name: str = "web"
    _killed: float = 0.0

    def kill(self) -> None:
        """The whole group at once."""
        self._killed = time.monotonic()
        os.killpg(self.server.process.pid, signal.SIGKILL)

    def revive(self) -> float:
        """Until this very server answers a request that needs the database."""
        self.mortal.servers.replace(self.server)
        until(lambda: answers(self.mortal, self.server))
        return time.monotonic() - self._killed


@dataclass
class Database:
    """Postgres; counted from the moment at which it accepts connections again."""

    mortal: Mortal
    name: str = "database"

    def kill(self) -> None:
        """The postmaster, as in a power cut."""
        postmaster = int((self.mortal.postgres.data / "postmaster.pid").read_text().split()[0])
        os.kill(postmaster, signal.SIGKILL)

    def revive(self) -> float:
        """Until some server answers a request that needs it."""
        self.mortal.start_postgres()
        accepts = time.monotonic()
        until(lambda: any(answers(self.mortal, server) for server in self.mortal.servers.web))
        return time.monotonic() - accepts


@dataclass
class Backend:
    """One connection's process: Postgres then ends all others and recovers by itself."""

    mortal: Mortal
    name: str = "backend"

    def kill(self) -> None:
        """Any that works for the product; waits for one while the database is just coming back."""
        until(self._struck)

    def _struck(self) -> bool:
        try:
            found = self.mortal.look(_ANY_BACKEND)
            for (pid,) in found:
                os.kill(pid, signal.SIGKILL)
        except (psycopg.Error, ProcessLookupError):
            return False
        return found != []

    def revive(self) -> float:
        """Until it accepts connections, and then until some server answers."""
        until(self._accepts)
        accepts = time.monotonic()
        until(lambda: any(answers(self.mortal, server) for server in self.mortal.servers.web))
        return time.monotonic() - accepts

    def _accepts(self) -> bool:
        try:
            self.mortal.look("SELECT 1")
        except psycopg.Error:
            return False
        return True


@dataclass
class Worker:
    """The job worker with all its processes; counted from the kill."""

    mortal: Mortal
    name: str = "worker"
    _killed: float = 0.0
    _since: float = field(default_factory=time.time)

    def kill(self) -> None:
        """The whole group at once."""
        jobs = self.mortal.servers.jobs
        assert jobs is not None
        self._killed, self._since = time.monotonic(), time.time()
        os.killpg(jobs.pid, signal.SIGKILL)
        jobs.wait()

    def revive(self) -> float:
        """Until a new one gives a sign of life; started again when it could not start."""
        until(self._beats)
        return time.monotonic() - self._killed

    def _beats(self) -> bool:
        jobs = self.mortal.servers.jobs
        if jobs is None or jobs.poll() is not None:
            self.mortal.servers.start_jobs()
        try:
            return self.mortal.look(_BEAT, self._since) != [(0,)]
        except psycopg.Error:
            return False


def answers(mortal: Mortal, server: Server) -> bool:
    """Whether it answers what needs the database: who the bearer of a token is."""
    client = Client(server, "lumo", mortal.demo["staff"]["token"])
    try:
        return client.post("{ me { __typename } }").status_code == 200
    except (OSError, HTTPException):
        return False


def until(is_so: Callable[[], bool]) -> None:
    """Wait for it; raises TimeoutError."""
    deadline = time.monotonic() + _PATIENCE
    while not is_so():
        if time.monotonic() > deadline:
            raise TimeoutError
        threading.Event().wait(_PAUSE)
