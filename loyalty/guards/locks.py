"""Lets the transactions that name one thing go one after another."""

from django.db import connection


def wait_in_line(*names: str) -> None:
    """Wait for this business's other transactions with one of these names; held until this ends."""
    with connection.cursor() as cursor:
        for name in sorted(set(names)):
            cursor.execute(
                "SELECT pg_advisory_xact_lock(hashtextextended(%s, 0))",
                [f"{connection.schema_name}:{name}"],  # type: ignore[attr-defined]  # our backend's
            )
