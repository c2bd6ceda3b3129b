"""Checkouts to try things in."""

import shutil
import subprocess
import tempfile
from collections.abc import Iterator
from pathlib import Path

import pytest

from local import datafolder
from local.checkout import Checkout
from local.postgres import Server
from local.profile import Profile


@pytest.fixture
def open_folder() -> Iterator[Path]:
    """A folder that every account can enter, unlike pytest's own."""
    folder = Path(tempfile.mkdtemp(prefix="plus one "))
    folder.chmod(0o755)
    yield folder
    shutil.rmtree(folder)


@pytest.fixture
def checkout(open_folder: Path) -> Checkout:
    """A checkout with this one's environment and nothing else."""
    return with_environment(open_folder)


@pytest.fixture(scope="session")
def data_folder() -> Iterator[Path]:
    """A data folder as initdb makes it, to be copied: that takes a tenth of the time."""
    root = Path(tempfile.mkdtemp(prefix="plusone-data-"))
    root.chmod(0o755)
    made = Server.of(with_environment(root), root / "made", Profile.FAST)
    datafolder.ensure(made.data, made.programs, made.runner, made.profile)
    yield made.data
    shutil.rmtree(root)


@pytest.fixture
def server(checkout: Checkout, data_folder: Path) -> Iterator[Server]:
    """A server that was never started; gone afterwards."""
    postgres = Server.of(checkout, checkout.demo, Profile.FAST)
    subprocess.run(["/bin/cp", "-a", data_folder, postgres.data], check=True)
    yield postgres
    postgres.stop()


def with_environment(root: Path) -> Checkout:
    """The folder as a checkout that shares our environment."""
    made = Checkout(root)
    made.venv.symlink_to(Checkout.here().venv)
    return made
