"""Jobs for tests."""

from django.db import connection, transaction

from loyalty.models import Location
from tenants import context
from tenants.accounts.models import User


def where() -> str:
    """The business that the job runs for, as its tables say."""
    return f"{context.required_schema()}: {Location.objects.get().name}"


def people_here() -> int:
    """Reads a table that exists in `public` too."""
    return User.objects.count()


def fail() -> None:
    """Ends by an error."""
    raise LookupError("on purpose")


def wait_behind(lock: int) -> None:
    """Ends when nobody holds this advisory lock any more."""
    with transaction.atomic(), connection.cursor() as cursor:
        cursor.execute("SET LOCAL statement_timeout = 0")
        cursor.execute("SET LOCAL lock_timeout = 0")
        cursor.execute("SELECT pg_advisory_xact_lock_shared(%s)", [lock])
