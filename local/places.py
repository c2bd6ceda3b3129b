"""Where Postgres keeps its files, such that the account that runs it can reach them."""

import hashlib
from pathlib import Path

from local.account import Account

# For root's checkouts that Postgres' account cannot enter, such as those below /root.
STATE = Path("/var/lib/plusone")


def reachable(root: Path, folder: Path, account: Account | None, salt: str) -> Path:
    """The folder of a checkout, or where the account cannot enter it, its stand-in below STATE.

    With another `salt` it is another stand-in: a new clone must not find the data of the one
    that was in the same place before.
    """
    folder.mkdir(parents=True, exist_ok=True)
    if account is None or account.can_enter(folder):
        return folder
    return open_folder(stand_ins(root) / f"{folder.name.lstrip('.')}-{_digest(salt)}")


def stand_ins(root: Path) -> Path:
    """Where the stand-ins of a checkout's folders are."""
    return STATE / _digest(str(root))


def open_folder(folder: Path) -> Path:
    """The folder, made together with its missing parents such that everybody can pass."""
    for each in (*reversed(folder.parents), folder):
        if not each.exists():
            each.mkdir(exist_ok=True)
            each.chmod(0o755)
    return folder


def private(folder: Path, account: Account | None) -> Path:
    """The folder, made for the account alone when it is missing."""
    if not folder.exists():
        folder.mkdir(mode=0o700)
        if account:
            account.owns(folder)
    return folder


def _digest(text: str) -> str:
    return hashlib.sha256(text.encode()).hexdigest()[:12]
