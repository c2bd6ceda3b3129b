"""The database `plusone` of a private server."""

import os
import subprocess
from pathlib import Path
from urllib.parse import quote

from local.account import Account, as_
from local.binaries import Binaries
from local.datafolder import OWNER
from local.errors import LocalError

NAME = "plusone"
# \gexec runs what the query answers, which is nothing when the database is there.
_CREATE = r"""
SELECT 'CREATE DATABASE plusone' WHERE NOT EXISTS
(SELECT FROM pg_database WHERE datname = 'plusone') \gexec
"""


def url(sockets: Path) -> str:
    """How libpq finds the database; the folder may have any name."""
    return f"postgresql://{OWNER}@/{NAME}?host={quote(str(sockets), safe='')}&port=5432"


def ensure(programs: Binaries, account: Account | None, sockets: Path) -> None:
    """Create the database when it is missing."""
    command = [programs.program("psql"), "-XAtq", "-h", str(sockets), "-p", "5432", "-U", OWNER]
    ended = subprocess.run(
        [*command, "-v", "ON_ERROR_STOP=1", "-d", "postgres"],
        input=_CREATE,
        check=False,
        capture_output=True,
        text=True,
        cwd="/",
        env=environment(),
        **as_(account),
    )
    if ended.returncode != 0:
        reason = (ended.stderr.strip().splitlines() or ["no reason given"])[-1]
        raise LocalError(f"The database {NAME} could not be made: {reason}")


def environment() -> dict[str, str]:
    """Ours, without what would point Postgres' programs to another server."""
    return {name: value for name, value in os.environ.items() if not name.startswith("PG")}
