"""`make clean`: a checkout as it was cloned."""

import shutil
from pathlib import Path

from local import account, entry, locked, places, throwaway
from local.checkout import Checkout
from local.errors import LocalError
from local.postgres import Server
from local.profile import Profile
from local.progress import say

_MADE = [
    ".venv",
    ".demo",
    ".test",
    ".mypy_cache",
    ".ruff_cache",
    ".pytest_cache",
    ".import_linter_cache",
    ".hypothesis",
    "htmlcov",
    "static_collected",
]


def main(_arguments: list[str]) -> int:
    """Remove the environment, the demo with its data, what tests left, and all caches."""
    checkout = Checkout.here()
    _ensure_idle(checkout)
    _end_servers(checkout)
    for path in (*(checkout.root / name for name in _MADE), *_stand_ins(checkout)):
        if path.is_symlink():
            path.unlink()
        elif path.exists():
            shutil.rmtree(path)
        else:
            continue
        say(f"Removed {path}")
    return 0


def _ensure_idle(checkout: Checkout) -> None:
    if checkout.demo.exists():
        with locked.at_once(checkout.demo / "lock") as lock:
            if lock is None:
                raise LocalError("The demo is running: stop it first.")
    if checkout.test.exists():
        throwaway.sweep(checkout)
        if any(checkout.test.glob("run-*")):
            raise LocalError("Tests are running: wait for their end.")


def _end_servers(checkout: Checkout) -> None:
    """Stop the Postgres that a killed demo left running, where the kernel did not."""
    runner = account.unprivileged()
    for home in (checkout.demo, *places.stand_ins(checkout.root).glob("*")):
        Server(checkout, home, home / "log", runner, Profile.DURABLE).stop()


def _stand_ins(checkout: Checkout) -> list[Path]:
    return [places.stand_ins(checkout.root)] if account.unprivileged() else []


if __name__ == "__main__":
    entry.run(main)
