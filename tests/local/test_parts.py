"""The parts of the tests have names and minutes."""

from pathlib import Path

import pytest

from local import parts
from local.checkout import Checkout
from local.errors import LocalError
from local.parts import Minutes


def test_each_folder_of_tests_is_a_part_whose_minutes_are_written_down() -> None:
    root = Checkout.here().root
    assert set(parts.names(root)) == set(Minutes.read(root).of_part)


def test_parts_are_found_by_name_and_a_wrong_name_lists_the_right_ones(tmp_path: Path) -> None:
    for name in ("live", "races", "data"):
        (tmp_path / "tests" / name).mkdir(parents=True)
    for name in ("live", "races"):
        (tmp_path / "tests" / name / "test_one.py").touch()
    assert parts.folders(tmp_path, " races  live ") == ["tests/races", "tests/live"]
    assert parts.folders(tmp_path, "") == []
    with pytest.raises(LocalError, match="called data: live, races"):
        parts.folders(tmp_path, "live data")


def test_minutes_are_kept(tmp_path: Path) -> None:
    (tmp_path / "tests").mkdir()
    assert Minutes.read(tmp_path) == Minutes({}, "")
    kept = Minutes({"live": 0.5, "races": 1.0}, "2 cores")
    kept.write(tmp_path)
    assert Minutes.read(tmp_path) == kept
