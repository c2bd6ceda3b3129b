"""The browser of the browser tests."""

import os
import shutil
import subprocess
import tempfile
from pathlib import Path

from local import process, progress
from local.errors import LocalError

_NAMES = ("chromium", "chromium-browser", "google-chrome", "google-chrome-stable")
# The two fonts have Thai, Arabic and Devanagari, and Japanese and Chinese, in 14 MB.
_PACKAGES = ("chromium", "fonts-noto-core", "fonts-droid-fallback")
_ATTEMPTS = 2


def ensure() -> str:
    """The path of Chromium; root on Debian gets it installed, with fonts for ja, th and ar."""
    found = find()
    if found is None and os.geteuid() == 0 and shutil.which("apt-get"):
        with progress.step("Installing Chromium and fonts"):
            _install()
        found = find()
    if found is None:
        raise LocalError(
            "The browser tests need Chromium: install it (on Debian: "
            f"apt-get install {' '.join(_PACKAGES)}), or set CHROMIUM to its path."
        )
    return found


def find() -> str | None:
    """Chromium as CHROMIUM or PATH name it, if it runs."""
    if chosen := os.environ.get("CHROMIUM"):
        if not _runs(chosen):
            raise LocalError(f"CHROMIUM is {chosen}, which does not run: correct or unset it.")
        return chosen
    paths = [path for name in _NAMES if (path := shutil.which(name))]
    return next((path for path in paths if _runs(path)), None)


def _runs(path: str) -> bool:
    # Ubuntu's package installs a program that only says to use snap.
    try:
        said = subprocess.run([path, "--version"], check=False, capture_output=True, timeout=30)
    except (OSError, subprocess.TimeoutExpired):
        return False
    return said.returncode == 0


def _install() -> None:
    quiet = {**os.environ, "DEBIAN_FRONTEND": "noninteractive"}
    how = ("-y", "-q", "--no-install-recommends", "-o", "DPkg::Lock::Timeout=120")
    with tempfile.TemporaryFile() as log:
        for _ in range(_ATTEMPTS):
            for command in (("update",), ("install", *_PACKAGES)):
                code = process.run(
                    ["apt-get", *how, *command], folder=Path("/"), output=log, environment=quiet
                )
            if code == 0:
                return
        log.seek(0)
        said = log.read().decode(errors="replace").strip().splitlines() or ["no reason given"]
    raise LocalError(f"Chromium could not be installed: {said[-1]}")
