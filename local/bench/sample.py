"""Each operation once inside this process: its round trips, and what it writes."""

import io
import itertools
import json
import tempfile
import warnings
from collections.abc import Callable, Sequence
from dataclasses import dataclass
from typing import Any, cast

import psycopg
from django.db import connection as django_connection
from psycopg import pq

from graphql_api import ids
from local.bench import calls
from local.bench.shop import HOST, Customer, Shop
from local.errors import LocalError
from tenants import context

# Enough for caches to be filled and statements to be prepared, as on a running server.
_WARM_UP = 3
HANDSHAKES = _WARM_UP + 1
_ROW = """
SELECT s.id, s.staff_id, s.policy::text, s.outcome::text, v.threshold
  FROM loyalty_earnsession s JOIN loyalty_programversion v ON v.id = s.version_id
 WHERE s.status = 'collected' AND s.outcome #>> '{bonuses}' = '[]'
 ORDER BY s.id LIMIT 1
"""


@dataclass(frozen=True)
class Sample:
    """A session as the product writes it, and how often the client waited for the database."""

    session: int
    staff: int
    policy: str
    outcome: str
    threshold: int
    mint_trips: int
    collect_trips: int
    guarded_session: int
    minted: int
    collected: int


@dataclass(frozen=True)
class HandshakeTrips:
    """How often the client waited for the database in each step; `handshakes` were made."""

    trips: dict[str, int]
    handshakes: int


def take(shop: Shop, connection: psycopg.Connection[tuple[object, ...]]) -> Sample:
    """Mint and collect a few times through the WSGI application; the last time is counted."""
    body = calls.mint_body(shop)
    mint_trips = collect_trips = 0
    for customer in shop.quiet[: _WARM_UP + 1]:
        minted, mint_trips = _counted(lambda: _answer(shop.staff_tokens[0], body))
        _, collect_trips = _counted(_collect(minted, customer))
    row = connection.execute(_ROW).fetchone()
    if row is None:
        raise LocalError("The product collected nothing.")
    found = cast("tuple[int, int, str, str, int]", row)
    guarded = _answer(shop.staff_tokens[0], calls.guarded_mint_body(shop))["data"]["generateQR"]
    return Sample(
        *found,
        mint_trips,
        collect_trips,
        guarded_session=ids.number(guarded["id"], "EarnSession"),
        minted=_WARM_UP + 2,
        collected=_WARM_UP + 1,
    )


def shake_hands(shop: Shop, diners: Sequence[Customer]) -> HandshakeTrips:
    """Redeem a bonus of each of these customers in the same way; the last time is counted."""
    trips: dict[str, int] = {}
    for diner in diners[:HANDSHAKES]:
        live, request = _counted(_asking(diner.token, calls.request_body(diner)))
        token = live["data"]["requestBonus"]["token"]
        staff = shop.staff_tokens[0]
        seen, preview = _counted(_asking(staff, calls.preview_body(shop, token)))
        number = seen["data"]["validateRedemption"]["id"]
        _, confirm = _counted(_asking(staff, calls.confirm_body(shop, number)))
        trips = {"request": request, "preview": preview, "confirm": confirm}
    return HandshakeTrips(trips, handshakes=HANDSHAKES)


def _asking(token: str, body: bytes) -> Callable[[], dict[str, Any]]:
    return lambda: _answer(token, body)


def _collect(minted: dict[str, Any], customer: Customer) -> Callable[[], dict[str, Any]]:
    body = calls.collect_body(minted["data"]["generateQR"]["token"])
    return lambda: _answer(customer.token, body)


def _counted(work: Callable[[], dict[str, Any]]) -> tuple[dict[str, Any], int]:
    """What `work` returns, and how often it turned from sending to waiting on its connection."""
    with context.public():
        django_connection.ensure_connection()
    raw = cast("psycopg.Connection[Any]", django_connection.connection).pgconn
    with tempfile.TemporaryFile() as log:
        raw.trace(log.fileno())
        raw.set_trace_flags(pq.Trace.SUPPRESS_TIMESTAMPS)
        found = work()
        raw.untrace()
        log.seek(0)
        # Each line begins with F (sent to the server) or B (read from it).
        directions = [line[:1] for line in log.read().splitlines()]
    return found, sum(turn == (b"F", b"B") for turn in itertools.pairwise(directions))


def _answer(token: str, body: bytes) -> dict[str, Any]:
    environ = {
        "REQUEST_METHOD": "POST",
        "PATH_INFO": "/graphql",
        "SERVER_NAME": HOST,
        "SERVER_PORT": "80",
        "HTTP_HOST": HOST,
        "HTTP_AUTHORIZATION": f"Bearer {token}",
        "CONTENT_TYPE": "application/json",
        "CONTENT_LENGTH": str(len(body)),
        "REMOTE_ADDR": "127.0.0.1",
        "wsgi.input": io.BytesIO(body),
        "wsgi.errors": io.StringIO(),
        "wsgi.url_scheme": "http",
    }
    response = _application()(environ, lambda *_: None)
    content = b"".join(response)
    # Ends the request, as a server does.
    cast("Any", response).close()
    found: dict[str, Any] = json.loads(content)
    if "errors" in found:
        raise LocalError(f"The product answered: {found}")
    return found


def _application() -> Any:
    # Only pages need the collected static files, whose absence would be told here.
    with warnings.catch_warnings(action="ignore", category=UserWarning):
        from config.wsgi import application
    return application
