"""The product's web servers, as an installation runs them."""

import contextlib
import os
import socket
import sys
import time
from collections.abc import Iterator, Mapping, Sequence
from dataclasses import dataclass
from pathlib import Path

from local import logfile, process
from local.bench.options import Options
from local.checkout import Checkout
from local.errors import LocalError

_PATIENCE = 30.0


@dataclass(frozen=True)
class Web:
    """A running server: its port on 127.0.0.1, and the process whose children do the work."""

    port: int
    pid: int


def http(
    checkout: Checkout, chosen: Options, folder: Path
) -> contextlib.AbstractContextManager[Web]:
    """HTTP on few long-lived threads; gone after the block."""
    shape, threads = ["--workers", str(chosen.workers)], {"HTTP_THREADS": str(chosen.threads)}
    return _serving(checkout, shape, folder / "http.log", threads)


def live(checkout: Checkout, folder: Path) -> contextlib.AbstractContextManager[Web]:
    """Sockets as ASGI, in a process of their own; gone after the block."""
    return _serving(checkout, ["--live"], folder / "live.log", {})


@contextlib.contextmanager
def _serving(
    checkout: Checkout, shape: Sequence[str], log: Path, more: Mapping[str, str]
) -> Iterator[Web]:
    port = _free_port()
    where = ["--host", "127.0.0.1", "--port", str(port), "--grace", "2"]
    command = [sys.executable, "manage.py", "serve", *where, *shape]
    with logfile.opened(log) as output:
        server = process.spawn(
            command, folder=checkout.root, output=output, environment={**os.environ, **more}
        )
    try:
        deadline = time.monotonic() + _PATIENCE
        while not _answers(port):
            if server.poll() is not None or time.monotonic() > deadline:
                raise LocalError(f"The web server did not start: {logfile.last_line(log)}")
            time.sleep(0.05)
        yield Web(port, server.pid)
    finally:
        process.end(server)


def _free_port() -> int:
    with socket.socket() as found:
        found.bind(("127.0.0.1", 0))
        return int(found.getsockname()[1])


def _answers(port: int) -> bool:
    with socket.socket() as found:
        return found.connect_ex(("127.0.0.1", port)) == 0
