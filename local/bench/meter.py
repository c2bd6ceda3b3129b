"""What a measurement costs on the other side: processor time and statements."""

from dataclasses import dataclass

import psycopg

from local.bench import cpu

# Foreign keys look up their rows at the commit, as statements that no client sent.
_CALLS = """
SELECT coalesce(sum(calls), 0) FROM pg_stat_statements
 WHERE dbid = (SELECT oid FROM pg_database WHERE datname = current_database())
   AND query NOT LIKE '%FROM ONLY % FOR KEY SHARE OF x'
"""


@dataclass(frozen=True)
class Reading:
    """Totals since some moment, or the difference of two such totals."""

    server: float
    postgres: float
    machine: float
    statements: int

    def since(self, earlier: "Reading") -> "Reading":
        """What was added after the earlier reading."""
        return Reading(
            self.server - earlier.server,
            self.postgres - earlier.postgres,
            self.machine - earlier.machine,
            self.statements - earlier.statements,
        )


class Meter:
    """Reads a Postgres, and the web server when there is one."""

    def __init__(self, connection: psycopg.Connection[tuple[object, ...]]) -> None:
        self._connection = connection
        self._postmaster = cpu.parent(connection.info.backend_pid)
        self.server: int | None = None
        connection.execute("CREATE EXTENSION IF NOT EXISTS pg_stat_statements SCHEMA public")

    def read(self) -> Reading:
        """The totals now."""
        found = self._connection.execute(_CALLS).fetchone()
        return Reading(
            server=cpu.tree(self.server) if self.server else 0.0,
            postgres=cpu.tree(self._postmaster),
            machine=cpu.machine(),
            statements=int(str(found[0])) if found else 0,
        )
