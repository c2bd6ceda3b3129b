"""The demo's secrets."""

import json
import os
import secrets
from pathlib import Path

from local.errors import LocalError

_NAMES = ("SECRET_KEY", "TOKEN_KEY")


def load(file: Path) -> dict[str, str]:
    """SECRET_KEY and TOKEN_KEY, made at random the first time and the same ever after."""
    if not file.exists():
        _make(file)
    try:
        found = json.loads(file.read_text())
        return {name: str(found[name]) for name in _NAMES}
    except (ValueError, KeyError, TypeError):
        raise LocalError(
            f"{file} cannot be read: remove its folder to begin with a new demo."
        ) from None


def _make(file: Path) -> None:
    unfinished = file.with_suffix(".unfinished")
    unfinished.unlink(missing_ok=True)
    descriptor = os.open(unfinished, os.O_WRONLY | os.O_CREAT | os.O_EXCL, 0o600)
    with os.fdopen(descriptor, "w") as out:
        json.dump({name: secrets.token_urlsafe(48) for name in _NAMES}, out)
    unfinished.rename(file)
