"""Who runs Postgres, which refuses to run as root, and what that account can reach."""

import os
import pwd
import subprocess
from dataclasses import dataclass
from pathlib import Path
from typing import TypedDict

from local.errors import LocalError


class Identity(TypedDict, total=False):
    """Arguments of `subprocess` that make a command run as somebody."""

    user: int
    group: int
    extra_groups: list[int]


@dataclass(frozen=True)
class Account:
    """An existing account without rights; none is ever created."""

    name: str
    uid: int
    gid: int

    def owns(self, folder: Path) -> None:
        """Make the account the owner of a folder of ours."""
        os.chown(folder, self.uid, self.gid)

    def can_enter(self, folder: Path) -> bool:
        """Whether all the folders on the way let the account pass."""
        # Asked by trying: permissions, access lists and mounts all have a say.
        return self._succeeds("/bin/sh", "-c", 'cd "$1"', "sh", str(folder))

    def can_run(self, program: Path) -> bool:
        """Whether the account can start the program."""
        return self._succeeds(str(program), "--version")

    def _succeeds(self, *command: str) -> bool:
        try:
            ended = subprocess.run(command, check=False, capture_output=True, cwd="/", **as_(self))
        except OSError:
            return False
        return ended.returncode == 0


def unprivileged() -> Account | None:
    """The account that has to run Postgres: None, which is ourselves, unless we are root."""
    if os.geteuid() != 0:
        return None
    for name in ("postgres", "nobody"):
        try:
            entry = pwd.getpwnam(name)
        except KeyError:
            continue
        if entry.pw_uid:
            return Account(name, entry.pw_uid, entry.pw_gid)
    raise LocalError(
        "Postgres does not run as root and there is neither an account postgres nor nobody: "
        "start as an ordinary user, or set DATABASE_URL to a server of yours."
    )


def owner_of(folder: Path) -> Account | None:
    """Whose an existing folder is; None when it is missing or root owns it."""
    if not folder.exists():
        return None
    seen = folder.stat()
    return Account(str(seen.st_uid), seen.st_uid, seen.st_gid) if seen.st_uid else None


def as_(account: Account | None) -> Identity:
    """What `subprocess` needs to run a command as the account."""
    if account is None:
        return {}
    return {"user": account.uid, "group": account.gid, "extra_groups": []}
