"""Waiting for /readyz says what is missing."""

import json
import threading
from collections.abc import Iterator
from http.server import BaseHTTPRequestHandler, HTTPServer

import pytest

from local import ready


class _Answers(BaseHTTPRequestHandler):
    bodies: tuple[bytes, ...] = ()

    def do_GET(self) -> None:
        """Say what is prepared, and 200 when nothing is left."""
        body, *rest = (*self.bodies, b"{}")
        type(self).bodies = tuple(rest[:-1])
        self.send_response(503 if body != b"{}" else 200)
        self.end_headers()
        self.wfile.write(body)

    def log_message(self, *_arguments: object) -> None:
        """Keep quiet."""


@pytest.fixture
def port() -> Iterator[int]:
    """A server that answers what `_Answers.bodies` holds, one after the other."""
    with HTTPServer(("127.0.0.1", 0), _Answers) as server:
        thread = threading.Thread(target=server.serve_forever)
        thread.start()
        yield server.server_port
        server.shutdown()
        thread.join()


def test_the_parts_that_are_not_well_are_named(port: int) -> None:
    parts = {"ok": False, "database": True, "migrations": False, "jobs": False}
    _Answers.bodies = (json.dumps(parts).encode(), b"no JSON", b"[]")
    assert ready.missing_parts(port) == "not ready yet: migrations, jobs"
    assert ready.missing_parts(port) == "not ready yet: no JSON"
    assert ready.missing_parts(port) == "not ready yet: []"
    assert ready.missing_parts(port) == ""


def test_it_waits_and_looks_after_the_programs_meanwhile(port: int) -> None:
    _Answers.bodies = (b'{"ok": false}',) * 3
    looks: list[int] = []
    ready.wait(port, lambda: looks.append(1))
    assert len(looks) == 3


def test_a_server_that_is_not_there_yet_is_waited_for() -> None:
    assert ready.missing_parts(1) == "the web server does not answer yet"
