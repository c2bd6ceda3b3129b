"""The demo's secrets are made once and are for their owner's eyes."""

from pathlib import Path

import pytest

from local import keys
from local.errors import LocalError


def test_they_stay_the_same_and_nobody_else_can_read_them(tmp_path: Path) -> None:
    file = tmp_path / "keys.json"
    first = keys.load(file)
    assert sorted(first) == ["SECRET_KEY", "TOKEN_KEY"]
    assert len(set(first.values())) == 2
    assert min(len(value) for value in first.values()) >= 64
    assert keys.load(file) == first
    assert file.stat().st_mode & 0o777 == 0o600
    assert list(tmp_path.iterdir()) == [file]


def test_two_demos_differ(tmp_path: Path) -> None:
    assert keys.load(tmp_path / "one") != keys.load(tmp_path / "other")


@pytest.mark.parametrize("content", ["", "{}", "[]", '{"SECRET_KEY": "x"}'])
def test_a_broken_file_is_named(tmp_path: Path, content: str) -> None:
    file = tmp_path / "keys.json"
    file.write_text(content)
    with pytest.raises(LocalError, match=str(file)):
        keys.load(file)
