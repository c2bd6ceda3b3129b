"""The product's own Python environment, made from a hash-pinned lock."""

import os
import shutil
import sys
from collections.abc import Sequence
from pathlib import Path

from local import locked, process, progress, stamp
from local.checkout import Checkout
from local.errors import LocalError
from local.stamp import Stamp

DEMO = "requirements-demo.lock"
DEV = "requirements-dev.lock"
# Not `.lock`: that one is uv's own, and uv would wait for us.
_LOCK = ".building"


def ensure(checkout: Checkout, lock: str) -> None:
    """After it `checkout.python` has all that the lock lists; the second call is instant."""
    if stamp.satisfied(checkout, lock):
        return
    if checkout.venv.is_symlink():
        # Somebody else's environment: we build our own and leave theirs as it is.
        checkout.venv.unlink(missing_ok=True)
    checkout.venv.mkdir(exist_ok=True)
    with locked.waiting(checkout.venv / _LOCK):
        if not stamp.satisfied(checkout, lock):
            _build(checkout, lock)


def _build(checkout: Checkout, lock: str) -> None:
    wanted, found = Stamp.wanted(checkout, lock), Stamp.read(checkout)
    stamp.remove(checkout)
    if found is None or not found.fits(wanted) or not checkout.python.exists():
        with progress.step(f"Making an environment with Python {wanted.python}"):
            _create(checkout)
    with progress.step(f"Installing {lock}"):
        _install(checkout, lock)
    wanted.write(checkout)


def _create(checkout: Checkout) -> None:
    for entry in checkout.venv.iterdir():
        if entry.is_dir() and not entry.is_symlink():
            shutil.rmtree(entry)
        elif entry.name != _LOCK:
            entry.unlink()
    made = _logged(checkout, [sys.executable, "-m", "venv", str(checkout.venv)])
    if not made:
        raise LocalError(
            "The Python environment could not be made (on Debian and Ubuntu the package "
            f"python3-venv is needed); {_log(checkout)} says why."
        )


def _install(checkout: Checkout, lock: str) -> None:
    # uv is faster, but does not read pip's settings: where only those lead to an index, pip can.
    if not (_uv(checkout, lock) or _pip(checkout, lock)):
        raise LocalError(f"{lock} could not be installed: {_last_error(_log(checkout))}")


def _uv(checkout: Checkout, lock: str) -> bool:
    uv = shutil.which("uv")
    if uv is None:
        return False
    into = ["--python", str(checkout.python), "--require-hashes", "-r", lock]
    return _logged(checkout, [uv, "pip", "install", *into])


def _pip(checkout: Checkout, lock: str) -> bool:
    how = ["--disable-pip-version-check", "--no-input", "--progress-bar", "off"]
    into = ["--require-hashes", "-r", lock]
    return _logged(checkout, [str(checkout.python), "-m", "pip", "install", *how, *into])


def _logged(checkout: Checkout, command: Sequence[str]) -> bool:
    # Where uv reaches no index, few attempts leave time for pip.
    environment = {"UV_HTTP_RETRIES": "1", **os.environ, "UV_PYTHON_DOWNLOADS": "never"}
    with _log(checkout).open("ab") as log:
        code = process.run(command, folder=checkout.root, output=log, environment=environment)
    return code == 0


def _log(checkout: Checkout) -> Path:
    return checkout.venv / "install.log"


def _last_error(log: Path) -> str:
    lines = [line.strip() for line in log.read_text(errors="replace").splitlines() if line.strip()]
    reasons = [line for line in lines if line.startswith("ERROR:")] or lines or ["no reason given"]
    return f"{reasons[-1].removeprefix('ERROR:').strip()} (all of it: {log})"
