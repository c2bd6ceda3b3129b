"""Lets one e-mail address do one thing at a time."""

from django.db import connection


def lock_addresses(*addresses: str) -> None:
    """Wait for these addresses' other transactions; held until this one ends.

    Closes the races between queueing (session, then links) and signing in (link, then sessions),
    and between two sessions that both want the last place in an address's queue.
    """
    with connection.cursor() as cursor:
        for address in sorted(set(addresses)):
            cursor.execute(
                "SELECT pg_advisory_xact_lock(hashtextextended(%s, 0))",
                [f"{connection.schema_name}:{address}"],  # type: ignore[attr-defined]  # our backend's
            )
