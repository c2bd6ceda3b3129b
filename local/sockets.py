"""The folder of a server's socket, with a path that is short enough for the kernel."""

import hashlib
import os
import shutil
import stat
from pathlib import Path

from local import places
from local.account import Account
from local.errors import LocalError

# sockaddr_un has room for 107 bytes on Linux and 103 on macOS.
_LONGEST = 103
_SOCKET = ".s.PGSQL.5432"
_SHORT = Path("/tmp")  # noqa: S108 - short, there on every Unix, and checked below


def make(home: Path, account: Account | None) -> Path:
    """`home`/socket for the account alone, or a stand-in when that path is too long."""
    found = places.private(_path(home), account)
    if found.parent == _SHORT:
        _check(found, account)
    return found


def remove(home: Path) -> None:
    """Leave nothing outside of `home` after its server has stopped."""
    if (stand_in := _path(home)).parent == _SHORT:
        shutil.rmtree(stand_in, ignore_errors=True)


def _path(home: Path) -> Path:
    wanted = home / "socket"
    if len(os.fsencode(wanted / _SOCKET)) <= _LONGEST:
        return wanted
    return _SHORT / f"plusone-{hashlib.sha256(os.fsencode(home)).hexdigest()[:16]}"


def _check(found: Path, account: Account | None) -> None:
    # Everybody may write to /tmp: somebody else's folder there would hand them our connections.
    seen = found.lstat()
    owner = account.uid if account else os.geteuid()
    if not stat.S_ISDIR(seen.st_mode) or seen.st_uid != owner or seen.st_mode & 0o077:
        raise LocalError(f"{found} is in the way and belongs to somebody else: remove it.")
