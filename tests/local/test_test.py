"""Which runs of pytest `make test` makes."""

import pytest

from local.test import _runs


@pytest.mark.parametrize(
    ("folders", "arguments", "expected"),
    [
        ([], [], [["--ignore=tests/browser"], ["tests/browser"]]),
        ([], ["-x"], [["--ignore=tests/browser", "-x"], ["tests/browser", "-x"]]),
        ([], ["tests/live", "-x"], [["tests/live", "-x"]]),
        (["tests/live", "tests/races"], ["-x"], [["tests/live", "tests/races", "-x"]]),
        (["tests/browser", "tests/live"], [], [["tests/live"], ["tests/browser"]]),
        (["tests/browser"], [], [["tests/browser"]]),
    ],
)
def test_browsers_run_apart(
    folders: list[str], arguments: list[str], expected: list[list[str]]
) -> None:
    assert _runs(folders, arguments) == expected
