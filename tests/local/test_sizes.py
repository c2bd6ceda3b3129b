"""Files and functions have a largest size."""

from pathlib import Path

from local import sizes


def _function(lines: int) -> str:
    return "def grown() -> int:\n" + "    x = 1\n" * (lines - 2) + "    return x\n"


def test_what_is_too_long_is_named_and_migrations_and_hidden_folders_are_not_looked_at(
    tmp_path: Path,
) -> None:
    for folder in ("migrations", ".venv", "app"):
        (tmp_path / folder).mkdir()
        (tmp_path / folder / "long.py").write_text("x = 1\n" * (sizes.LONGEST_FILE + 1))
    (tmp_path / "app" / "function.py").write_text(_function(sizes.LONGEST_FUNCTION + 1))
    report = sizes.report(tmp_path)
    assert [each.where for each in report.too_long] == ["app/long.py", "app/function.py:1 grown"]
    assert f"app/long.py: {sizes.LONGEST_FILE + 1} lines is too long" in report.text


def test_the_largest_allowed_passes_and_medians_are_told(tmp_path: Path) -> None:
    (tmp_path / "long.py").write_text("x = 1\n" * sizes.LONGEST_FILE)
    (tmp_path / "function.py").write_text(_function(sizes.LONGEST_FUNCTION))
    report = sizes.report(tmp_path)
    assert not report.too_long
    lines = (sizes.LONGEST_FILE + sizes.LONGEST_FUNCTION) / 2
    assert report.text == f"median file {lines:.0f} lines, median function 40"


def test_an_empty_folder_passes(tmp_path: Path) -> None:
    assert not sizes.report(tmp_path).too_long
