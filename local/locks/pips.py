"""The oldest pip that this Python brings, and the newest one."""

import shutil
from pathlib import Path

from local import process
from local.checkout import Checkout
from local.errors import LocalError

AGES = ("oldest", "newest")
_HERE = Path(__file__).parent


def ensure(checkout: Checkout, age: str) -> Path:
    """Where that pip lies, installed beside the environment's own; raises LocalError."""
    lock, folder = lock_of(age), checkout.venv / "pips" / age
    made_of = folder / "made-of"
    wanted = lock.read_text(encoding="utf-8")
    if made_of.exists() and made_of.read_text(encoding="utf-8") == wanted:
        return folder
    shutil.rmtree(folder, ignore_errors=True)
    _install(checkout, lock, folder)
    made_of.write_text(wanted, encoding="utf-8")
    return folder


def lock_of(age: str) -> Path:
    """The file that names it."""
    return _HERE / f"{age}.lock"


def _install(checkout: Checkout, lock: Path, folder: Path) -> None:
    how = ["--disable-pip-version-check", "--no-input", "--quiet", "--no-deps", "--require-hashes"]
    into = ["--target", str(folder), "-r", str(lock)]
    log = checkout.venv / "install.log"
    with log.open("ab") as output:
        command = [str(checkout.python), "-m", "pip", "install", *how, *into]
        if process.run(command, folder=checkout.root, output=output) != 0:
            raise LocalError(f"pip could not be installed from {lock.name}: see {log}")
