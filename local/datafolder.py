"""A data folder that Postgres can start from, or one sentence that says why it cannot."""

import shutil
import subprocess
from pathlib import Path

from local import places
from local.account import Account, as_
from local.binaries import Binaries
from local.errors import LocalError
from local.profile import Profile

OWNER = "plusone_owner"


def ensure(data: Path, binaries: Binaries, account: Account | None, profile: Profile) -> None:
    """Make the data folder when it is missing or empty; what is in it is never removed."""
    if _is_new(data):
        _initialise(data, binaries, account, profile)
        return
    version = _version(data)
    if version != str(binaries.major):
        raise LocalError(
            f"{data} was made by Postgres {version}, but this is Postgres {binaries.major}: "
            "move the folder away to begin anew, or set PG_BIN to that version's programs."
        )


def _is_new(data: Path) -> bool:
    try:
        return not data.exists() or not any(data.iterdir())
    except PermissionError:
        owner = data.stat().st_uid
        raise LocalError(
            f"{data} belongs to another account (number {owner}): "
            "start as the same user as before, or move the folder away to begin anew."
        ) from None
    except NotADirectoryError:
        raise LocalError(f"{data} should be a folder: move that file away.") from None


def _version(data: Path) -> str:
    try:
        return (data / "PG_VERSION").read_text().strip()
    except FileNotFoundError:
        raise LocalError(
            f"{data} is not a data folder of Postgres (it has no PG_VERSION): "
            "move it away to begin anew."
        ) from None


def _initialise(data: Path, binaries: Binaries, account: Account | None, profile: Profile) -> None:
    # Made under another name: an interrupted initdb leaves a folder that looks complete.
    unfinished = data.with_name(f"{data.name}.unfinished")
    shutil.rmtree(unfinished, ignore_errors=True)
    places.private(unfinished, account)
    how = ["--auth=trust", "--encoding=UTF8", "--locale=C.UTF-8", "--no-instructions"]
    if profile is Profile.FAST:
        how.append("--no-sync")
    command = [binaries.program("initdb"), "-D", str(unfinished), "-U", OWNER, *how]
    ended = subprocess.run(
        command, check=False, capture_output=True, text=True, cwd="/", **as_(account)
    )
    if ended.returncode != 0:
        reason = (ended.stderr.strip().splitlines() or ["no reason given"])[-1]
        raise LocalError(f"Postgres could not make its data folder {data}: {reason}")
    if data.exists():
        data.rmdir()
    unfinished.rename(data)
