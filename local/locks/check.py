"""Resolves a lock as pip would on a day when newer releases of everything have appeared."""

import hashlib
import os
import subprocess
import tempfile
from pathlib import Path

from local.checkout import Checkout
from local.locks import index, pips

LOCKS = ("requirements.lock", "requirements-demo.lock", "requirements-dev.lock")


def complaints(checkout: Checkout, lock: Path) -> list[str]:
    """What the oldest and the newest pip have against the lock; the environment holds all of it.

    A lock that passed in this environment is not tried again.
    """
    passed = checkout.venv / "pips" / f"passed-{_digest(lock)}"
    if passed.exists():
        return []
    found = _tried(checkout, lock)
    if not found:
        passed.touch()
    return found


def _digest(lock: Path) -> str:
    tried_with = [lock, *(pips.lock_of(age) for age in pips.AGES)]
    return hashlib.sha256(b"".join(path.read_bytes() for path in tried_with)).hexdigest()[:16]


def _tried(checkout: Checkout, lock: Path) -> list[str]:
    with tempfile.TemporaryDirectory() as folder:
        rehearsed = index.rehearse(
            lock.read_text(encoding="utf-8"),
            installed=_site_packages(checkout),
            folder=Path(folder, "index"),
        )
        tried = {age: _complaint(checkout, age, rehearsed) for age in pips.AGES}
    return [f"{lock.name}, {age} pip: {text}" for age, text in tried.items() if text]


def _site_packages(checkout: Checkout) -> Path:
    (found,) = checkout.venv.glob("lib/python*/site-packages")
    return found


def _complaint(checkout: Checkout, age: str, rehearsed: Path) -> str:
    """Why this pip refuses the rehearsed lock; empty when it would install it."""
    how = ["--isolated", "--quiet", "--disable-pip-version-check", "--no-input"]
    what = ["--dry-run", "--ignore-installed", "--require-hashes", "-r", str(rehearsed)]
    where = ["--no-index", "--find-links", str(rehearsed.parent)]
    ended = subprocess.run(
        [str(checkout.python), "-m", "pip", *how, "install", *what, *where],
        check=False,
        # This pip hides the environment's own one.
        env={**os.environ, "PYTHONPATH": str(pips.ensure(checkout, age))},
        stdin=subprocess.DEVNULL,
        capture_output=True,
        text=True,
    )
    return ended.stderr.strip() if ended.returncode else ""
