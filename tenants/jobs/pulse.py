"""Says whether jobs are being worked on."""

from datetime import timedelta

from django.db import connection

from tenants import context
from tenants.models import JobPulse

SILENT_AFTER = timedelta(seconds=30)


def beat(worker: str) -> None:
    """Write this worker's sign of life."""
    with context.public(), connection.cursor() as cursor:
        cursor.execute(
            "INSERT INTO tenants_jobpulse (worker, seen_at) VALUES (%s, clock_timestamp())"
            " ON CONFLICT (worker) DO UPDATE SET seen_at = EXCLUDED.seen_at",
            [worker],
        )
        cursor.execute(
            "DELETE FROM tenants_jobpulse WHERE seen_at < clock_timestamp() - interval '1 day'"
        )


def is_alive() -> bool:
    """True when a worker gave a sign of life in the last 30 seconds."""
    with context.public(), connection.cursor() as cursor:
        cursor.execute("SELECT clock_timestamp()")
        (now,) = cursor.fetchone()
        return JobPulse.objects.filter(seen_at__gt=now - SILENT_AFTER).exists()
