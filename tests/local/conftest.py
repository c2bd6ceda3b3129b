"""Checkouts to try things in."""

import shutil
import tempfile
from collections.abc import Iterator
from contextlib import contextmanager
from pathlib import Path

import pytest

from local.checkout import Checkout
from local.postgres import Server
from local.profile import Profile


@pytest.fixture
def open_folder() -> Iterator[Path]:
    """A folder that every account can enter, unlike pytest's own."""
    with _open_folder() as folder:
        yield folder


@pytest.fixture
def checkout(open_folder: Path) -> Checkout:
    """A checkout with this one's environment and nothing else."""
    return with_environment(open_folder)


@pytest.fixture(scope="session")
def used_checkout() -> Iterator[Checkout]:
    """The same for tests that leave its server in order: making data is what takes long."""
    with _open_folder() as folder:
        yield with_environment(folder)


@pytest.fixture
def server(used_checkout: Checkout) -> Iterator[Server]:
    """A server that does not run and has data of earlier tests; stopped afterwards."""
    postgres = Server.of(used_checkout, used_checkout.demo, Profile.FAST)
    yield postgres
    postgres.stop()


@contextmanager
def _open_folder() -> Iterator[Path]:
    folder = Path(tempfile.mkdtemp(prefix="plus one "))
    folder.chmod(0o755)
    try:
        yield folder
    finally:
        shutil.rmtree(folder)


def with_environment(root: Path) -> Checkout:
    """The folder as a checkout that shares our environment."""
    made = Checkout(root)
    made.venv.symlink_to(Checkout.here().venv)
    return made
