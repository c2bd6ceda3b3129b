"""An environment is taken as it is only when it is what was asked for."""

import dataclasses
from pathlib import Path

import pytest

from local import stamp
from local.checkout import Checkout
from local.environment import DEMO, DEV
from local.stamp import Stamp


@pytest.fixture
def made(tmp_path: Path) -> Checkout:
    """A checkout whose environment was made from the larger lock."""
    checkout = Checkout(tmp_path)
    for lock in (DEMO, DEV):
        (tmp_path / lock).write_text(f"# {lock}\n")
    checkout.python.parent.mkdir(parents=True)
    checkout.python.touch()
    Stamp.wanted(checkout, DEV).write(checkout)
    return checkout


def test_the_same_lock_is_satisfied_and_so_is_one_that_it_contains(made: Checkout) -> None:
    assert stamp.satisfied(made, DEV)
    assert stamp.satisfied(made, DEMO)


def test_a_smaller_environment_does_not_satisfy_a_larger_lock(made: Checkout) -> None:
    Stamp.wanted(made, DEMO).write(made)
    assert stamp.satisfied(made, DEMO)
    assert not stamp.satisfied(made, DEV)


def test_a_changed_lock_is_not_satisfied_but_fits(made: Checkout) -> None:
    (made.root / DEV).write_text("# another version\n")
    found = Stamp.read(made)
    assert found is not None
    assert not stamp.satisfied(made, DEV)
    assert not stamp.satisfied(made, DEMO)
    assert found.fits(Stamp.wanted(made, DEV))


@pytest.mark.parametrize("changed", [{"python": "3.99"}, {"folder": "/elsewhere/.venv"}])
def test_another_python_or_place_fits_no_more(made: Checkout, changed: dict[str, str]) -> None:
    other = dataclasses.replace(Stamp.wanted(made, DEV), **changed)
    other.write(made)
    assert not stamp.satisfied(made, DEV)
    assert not other.fits(Stamp.wanted(made, DEV))


@pytest.mark.parametrize("content", ["", "[]", '{"lock": "requirements-dev.lock"}', "null"])
def test_a_stamp_that_says_too_little_is_none(made: Checkout, content: str) -> None:
    (made.venv / ".stamp").write_text(content)
    assert Stamp.read(made) is None
    assert not stamp.satisfied(made, DEV)


def test_an_environment_without_its_python_is_not_satisfied(made: Checkout) -> None:
    made.python.unlink()
    assert not stamp.satisfied(made, DEV)
