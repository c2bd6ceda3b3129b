"""/healthz: this process answers. /readyz: database, migrations and jobs are there too."""

from collections.abc import Callable

from django.db import Error, connection
from django.http import HttpResponseBase, JsonResponse

from tenants import context
from tenants.jobs import pulse
from tenants.provisioning import migrations

PATHS = {"/healthz", "/readyz"}


def answer(path: str) -> HttpResponseBase:
    """200 or 503, and which parts are well, as JSON."""
    if path == "/healthz":
        return JsonResponse({"ok": True})
    parts = {
        "database": _database,
        "migrations": migrations.public_is_current,
        "jobs": pulse.is_alive,
    }
    well = {name: _asked(check) for name, check in parts.items()}
    return JsonResponse(
        {"ok": all(well.values()), **well}, status=200 if all(well.values()) else 503
    )


def _asked(check: Callable[[], bool]) -> bool:
    try:
        with context.public():
            return check()
    except Error:
        connection.close()
        return False


def _database() -> bool:
    with connection.cursor() as cursor:
        cursor.execute("SELECT 1")
        return bool(cursor.fetchone() == (1,))
