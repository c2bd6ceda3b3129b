"""Makes a schema's tables first and spreads them after, where Citus shards by schema.

With sharding on, Citus refuses some of what a dump says (identities that are added to columns). So
it is off while the dump is replayed, and the schema is handed over whole, in one transaction.
Plain Postgres takes the settings and has nothing to hand over.
"""

from typing import Any

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
