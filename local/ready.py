"""Waits for the product to say that it is ready."""

import http.client
import json
import time
from collections.abc import Callable

from local.errors import LocalError
from local.progress import say

_PATIENCE = 60.0
_PATIENT_IN_SILENCE = 5.0


def wait(port: int, meanwhile: Callable[[], None]) -> None:
    """Return when /readyz answers 200; says what is missing when that takes long."""
    started = time.monotonic()
    said = ""
    while missing := missing_parts(port):
        waited = time.monotonic() - started
        if waited > _PATIENCE:
            raise LocalError(f"The product is not ready after {_PATIENCE:.0f} s: {missing}.")
        if waited > _PATIENT_IN_SILENCE and missing != said:
            say(f"Waiting: {missing}")
            said = missing
        meanwhile()
        time.sleep(0.05)


def missing_parts(port: int) -> str:
    """What keeps the product from being ready, in words; empty when it is."""
    connection = http.client.HTTPConnection("127.0.0.1", port, timeout=5)
    try:
        connection.request("GET", "/readyz", headers={"Host": f"localhost:{port}"})
        answer = connection.getresponse()
        return "" if answer.status == http.HTTPStatus.OK else _parts(answer.read())
    except (OSError, http.client.HTTPException):
        return "the web server does not answer yet"
    finally:
        connection.close()


def _parts(body: bytes) -> str:
    try:
        parts = json.loads(body)
        missing = [name for name, well in parts.items() if well is False and name != "ok"]
    except (ValueError, AttributeError):
        missing = []
    return f"not ready yet: {', '.join(missing) or body[:200].decode(errors='replace')}"
