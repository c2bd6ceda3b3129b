"""`kill -9` of a server process and of Postgres under load: what was acknowledged stays, once."""

import os
import signal
import threading
import time
from collections.abc import Callable
from concurrent.futures import ThreadPoolExecutor
from functools import partial
from http.client import HTTPException
from pathlib import Path
from uuid import uuid4

import httpx
import psycopg
import pytest

from tests.crash.conftest import Mortal
from tests.factories.operations import COLLECT, MINT
from tests.harness.servers import Client

pytestmark = [pytest.mark.xdist_group("servers")]
CALLERS, COLLECTS_EACH = 6, 40
_PATIENCE = 60.0


def persistently(query: Callable[[], httpx.Response]) -> dict[str, object]:
    """What a patient client gets: it repeats the same request until it is answered."""
    deadline = time.monotonic() + _PATIENCE
    while time.monotonic() < deadline:
        try:
            answer = query()
        except (OSError, HTTPException):
            continue
        data = answer.json().get("data") if answer.status_code == 200 else None
        if data:
            (value,) = data.values()
            found: dict[str, object] = value
            return found
    raise TimeoutError


def sell(mortal: Mortal, caller: int, acknowledged: list[str]) -> None:
    """Mint and collect again and again, noting each acknowledged session."""
    demo, server = mortal.demo, mortal.servers.web[caller % 2]
    staff = Client(server, "lumo", demo["staff"]["token"])
    phone = Client(server, "lumo", demo["customers"][caller % 3]["token"])
    where = {"programId": demo["programs"][0]["id"], "locationId": demo["locations"][0]["id"]}
    for _ in range(COLLECTS_EACH):
        sale = {**where, "idempotencyKey": f"{uuid4()}"}
        session = persistently(partial(staff.post, MINT, input=sale))
        shown = {"token": session["token"]}
        outcome = persistently(partial(phone.post, COLLECT, input=shown))
        assert outcome["__typename"] == "Collected", outcome
        acknowledged.append(str(outcome["sessionId"]))


def kill_postgres(mortal: Mortal) -> None:
    """The postmaster dies as in a power cut; somebody starts it again."""
    postmaster = int((mortal.postgres.data / "postmaster.pid").read_text().split()[0])
    os.kill(postmaster, signal.SIGKILL)
    mortal.postgres.start()


def kill_server(mortal: Mortal) -> None:
    """A server process dies with all its workers; somebody starts it again."""
    server = mortal.servers.web[0]
    os.killpg(server.process.pid, signal.SIGKILL)
    mortal.servers.restart(server)


def under_load(mortal: Mortal, disaster: Callable[[Mortal], None], *, times: int) -> list[str]:
    """Run the load, let the disaster happen in its midst, and return what was acknowledged."""
    acknowledged: list[str] = []
    wanted = CALLERS * COLLECTS_EACH
    with ThreadPoolExecutor(CALLERS) as pool:
        calls = [pool.submit(sell, mortal, caller, acknowledged) for caller in range(CALLERS)]
        for strike in range(times):
            while len(acknowledged) < wanted * (strike + 1) // (times + 2):
                assert not any(call.done() and call.exception() for call in calls)
                threading.Event().wait(0.02)
            disaster(mortal)
        for call in calls:
            call.result()
    return acknowledged


BOOKS = """
SELECT (SELECT count(*) FROM loyalty_earnsession WHERE status = 'collected'),
       (SELECT count(*) FROM loyalty_event WHERE kind = 'collected'),
       (SELECT coalesce(sum(units), 0) FROM loyalty_ledgerentry WHERE kind = 'earn'),
       (SELECT coalesce(sum(open - debt), 0) FROM loyalty_counter)
         - (SELECT coalesce(sum(units), 0) FROM loyalty_ledgerentry WHERE kind = 'complete')
"""


@pytest.mark.parametrize("disaster", [kill_postgres, kill_server])
def test_nothing_acknowledged_is_lost_and_nothing_doubled(
    mortal: Mortal, disaster: Callable[[Mortal], None]
) -> None:
    # Other tests of this installation took sales back: only what comes now must agree.
    before = mortal.look(BOOKS)[0]
    acknowledged = under_load(mortal, disaster, times=3)
    assert len(set(acknowledged)) == CALLERS * COLLECTS_EACH
    after = mortal.look(BOOKS)[0]
    used, events, earned, counted = (now - then for now, then in zip(after, before, strict=True))
    assert used == events == earned == counted
    assert used == len(acknowledged)


def test_while_postgres_is_away_the_answer_is_503(mortal: Mortal) -> None:
    client = Client(mortal.servers.web[1], "lumo", mortal.demo["staff"]["token"])
    mortal.postgres.stop()
    try:
        answer = client.post("{ me { __typename } }")
        ready = httpx.get(f"http://{mortal.servers.web[1].address}/readyz")
        alive = httpx.get(f"http://{mortal.servers.web[1].address}/healthz")
    finally:
        mortal.postgres.start()
    assert (answer.status_code, ready.status_code, alive.status_code) == (503, 503, 200)
    assert answer.headers["Retry-After"] == "2"
    persistently(lambda: client.post("{ me { __typename } }"))


def test_a_request_that_waited_past_the_lifetime_is_expired(mortal: Mortal) -> None:
    demo, server = mortal.demo, mortal.servers.web[0]
    staff = Client(server, "lumo", demo["staff"]["token"])
    phone = Client(server, "lumo", demo["customers"][0]["token"])
    where = {"programId": demo["programs"][0]["id"], "locationId": demo["locations"][0]["id"]}
    session = persistently(lambda: staff.post(MINT, input=where))
    dying = (
        "UPDATE loyalty_earnsession SET expires_at = clock_timestamp() + '1 s'"
        " WHERE status = 'open'"
    )
    with psycopg.connect(mortal.servers.database_url, autocommit=True) as holder:
        holder.execute("SET search_path = lumo, public")
        holder.execute(dying)
        with holder.transaction(), ThreadPoolExecutor(1) as pool:
            holder.execute("SELECT 1 FROM loyalty_earnsession WHERE status = 'open' FOR UPDATE")
            call = pool.submit(lambda: phone.ask(COLLECT, input={"token": session["token"]}))
            # Released only after the session has died, while the request waits for the lock.
            holder.execute("SELECT pg_sleep(1.3)")
            assert not call.done()
            holder.execute("COMMIT")
            assert call.result()["code"] == "SESSION_EXPIRED"


def test_the_log_has_no_traceback(mortal: Mortal) -> None:
    log = Path(mortal.servers.folder / "log").read_text()
    assert "Traceback" not in log
    assert mortal.demo["staff"]["token"] not in log
