"""`make demo`: the whole product on this machine, until Ctrl-C."""

import contextlib
import os
import time
from collections.abc import Iterator, Mapping

from local import (
    catalogues,
    entry,
    environment,
    keys,
    locked,
    ports,
    prepare,
    programs,
    progress,
    ready,
    welcome,
)
from local.checkout import Checkout
from local.errors import LocalError, StopRequest
from local.parent import Parent
from local.postgres import Server
from local.profile import Profile
from local.progress import say
from local.supervise import Supervisor

_LOOK_EVERY = 0.1
# Named on purpose: only then the operators' admin is there.
_HOSTS = "localhost,127.0.0.1"


def main(arguments: list[str]) -> int:
    """Serve until a signal to stop; all that was started is gone when it returns.

    With `--end-with-parent` it also stops when the process that started it, make, does.
    """
    began = time.monotonic()
    checkout, port = Checkout.here(), ports.chosen()
    checkout.demo.mkdir(exist_ok=True)
    with _alone(checkout, port) as was_killed:
        # What a killed demo started ends by itself, but not in the same moment.
        ports.ensure_free(port, patience=10.0 if was_killed else 0.0)
        environment.ensure(checkout, environment.DEMO)
        catalogues.ensure(checkout)
        _run(checkout, port, began, end_with_parent="--end-with-parent" in arguments)
    return 0


@contextlib.contextmanager
def _alone(checkout: Checkout, port: int) -> Iterator[bool]:
    """Nobody else runs this checkout's demo now; yields whether the one before was killed."""
    file = checkout.demo / "lock"
    with locked.at_once(file) as lock:
        before = file.read_text()
        if lock is None:
            raise LocalError(f"A demo of this folder is already running: {before}")
        os.ftruncate(lock, 0)
        os.write(lock, f"http://localhost:{port} (process {os.getpid()})".encode())
        try:
            yield bool(before)
        finally:
            os.ftruncate(lock, 0)


def _run(checkout: Checkout, port: int, began: float, *, end_with_parent: bool) -> None:
    parent = Parent()
    secrets = keys.load(checkout.demo / "keys.json")
    with _database(checkout, secrets["SECRET_KEY"]) as (server, where):
        of_this_run = {"PORT": str(port), "DEMO_DIR": str(checkout.demo), "PUBLIC_HOSTS": _HOSTS}
        variables = {**secrets, **where, **of_this_run}
        prepare.run(checkout, variables, port)
        services = programs.of(checkout, variables, port) + ([server] if server else [])
        with _running(Supervisor(services)) as supervisor:
            with progress.step("Starting the web server and the jobs"):
                ready.wait(port, supervisor.look)
            welcome.show(checkout, port, time.monotonic() - began)
            while not (end_with_parent and parent.wants_an_end()):
                supervisor.look()
                time.sleep(_LOOK_EVERY)


@contextlib.contextmanager
def _database(checkout: Checkout, salt: str) -> Iterator[tuple[Server | None, Mapping[str, str]]]:
    """A server of ours, running, and how to find it; nothing when DATABASE_URL names another."""
    if os.environ.get("DATABASE_URL"):
        yield None, {}
        return
    server = Server.of(checkout, checkout.demo, Profile.DURABLE, salt)
    try:
        with progress.step("Starting Postgres"):
            server.start()
        yield server, {"DATABASE_URL": server.url, "PG_BIN": str(server.programs.folder)}
    finally:
        server.stop()


@contextlib.contextmanager
def _running(supervisor: Supervisor) -> Iterator[Supervisor]:
    """All services started; a signal to stop ends the block, and stops them, without an error."""
    try:
        supervisor.start()
        yield supervisor
    except StopRequest:
        say("\nStopping …")
    finally:
        supervisor.stop()


if __name__ == "__main__":
    entry.run(main)
