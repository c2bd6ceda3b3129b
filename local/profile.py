"""How a server is set up."""

from enum import Enum
from pathlib import Path

_ALWAYS = {
    "listen_addresses": "",
    "port": "5432",
    "max_connections": "200",
    # One transaction over a schema with all its tables holds that many.
    "max_locks_per_transaction": "256",
    "shared_preload_libraries": "pg_stat_statements",
}
# Loses everything when the machine stops, and is ten times as fast until then.
_NOTHING_LASTS = {
    "fsync": "off",
    "synchronous_commit": "off",
    "full_page_writes": "off",
    "wal_level": "minimal",
    "max_wal_senders": "0",
    "autovacuum": "off",
    "checkpoint_timeout": "1h",
    "max_wal_size": "4GB",
    "shared_buffers": "256MB",
}


class Profile(Enum):
    """What is asked of a server."""

    DURABLE = "durable"
    FAST = "fast"

    def arguments(self, sockets: Path) -> list[str]:
        """The options for `postgres`."""
        # The setting is a list of folders: quotes keep a comma in a name from splitting it.
        quoted = '"{}"'.format(str(sockets).replace('"', '""'))
        values = {**_ALWAYS, "unix_socket_directories": quoted}
        if self is Profile.FAST:
            values |= _NOTHING_LASTS
        return [part for name, value in values.items() for part in ("-c", f"{name}={value}")]
