"""/healthz: this process answers. /readyz: database, migrations and jobs are there too.

Where businesses are spread over servers, /readyz tells as `servers` whether all of those are well.
One that is away takes its own businesses with it and no other, so it leaves `ok` as it is: a proxy
must not take this process out for it.
"""

from collections.abc import Callable
from typing import Any, Literal, TypeVar

from django.db import Error, connection
from django.http import HttpResponseBase, JsonResponse

from tenants import citus, context
from tenants.jobs import failures, pulse
from tenants.provisioning import migrations

T = TypeVar("T")
Told = dict[str, Any]
ALIVE, READY = "/healthz", "/readyz"
PATHS = {ALIVE, READY}


def answer(path: str) -> HttpResponseBase:
    """200 or 503, which parts are well, and which jobs failed within a day, as JSON."""
    told: Told = {"ok": True} if path == ALIVE else ready()
    return JsonResponse(told, status=status_of(told))


def ready() -> Told:
    """Whether all is well, which parts are, and whether all servers of businesses are."""
    return {**parts_told(), **servers_told()}


def parts_told() -> Told:
    """Whether all that this process needs is well, which parts of it are, and what jobs failed."""
    parts = {
        "database": _database,
        "migrations": migrations.public_is_current,
        "jobs": pulse.is_alive,
    }
    well = {name: _asked(check) for name, check in parts.items()}
    # A figure and no part that must be well: requests are answered while the mail server is away.
    failed = _asked(failures.failed_lately) or {}
    return {"ok": all(well.values()), **well, "failed_jobs": failed}


def status_of(told: Told) -> int:
    """The status that says it to those who read no bodies."""
    return 200 if told["ok"] else 503


def _asked(check: Callable[[], T]) -> T | Literal[False]:
    try:
        with context.public():
            return check()
    except Error:
        connection.close()
        return False


def servers_told() -> dict[str, bool]:
    """Whether all servers are well where businesses are spread; else nothing."""
    try:
        with context.public():
            well = citus.servers_are_well()
    except Error:
        connection.close()
        return {}
    return {} if well is None else {"servers": well}


def _database() -> bool:
    with connection.cursor() as cursor:
        cursor.execute("SELECT 1")
        return bool(cursor.fetchone() == (1,))
