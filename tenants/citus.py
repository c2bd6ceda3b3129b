"""What is different where businesses are spread over servers by Citus; plain Postgres takes it all.

With sharding on, Citus refuses some of what a dump says (identities that are added to columns). So
it is off while the dump of a new business is replayed, and the schema is handed over whole, in one
transaction.
"""

from typing import Any

from django.db import connection

_SHARDING = "citus.enable_schema_based_sharding"


def pause(cursor: Any) -> bool:
    """Switch sharding off for the rest of the transaction; whether it was on."""
    cursor.execute("SELECT current_setting(%s, true)", [_SHARDING])
    (setting,) = cursor.fetchone()
    cursor.execute(f"SET LOCAL {_SHARDING} = off")
    return bool(setting == "on")


def distribute(cursor: Any, schema: str) -> None:
    """Hand the schema over to Citus, with the triggers of its append-only tables."""
    cursor.execute("SET LOCAL citus.enable_unsafe_triggers = on")
    cursor.execute("SELECT citus_schema_distribute(%s::text::regnamespace)", [schema])


def servers_are_well() -> bool | None:
    """Whether all servers reach each other; None where there is only one."""
    with connection.cursor() as cursor:
        cursor.execute("SELECT to_regproc('citus_check_cluster_node_health') IS NOT NULL")
        if cursor.fetchone() == (False,):
            return None
        cursor.execute(
            "SELECT coalesce(bool_and(coalesce(result, false)), false)"
            " FROM citus_check_cluster_node_health()"
        )
        return bool(cursor.fetchone() == (True,))
