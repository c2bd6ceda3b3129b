"""Which files are ours."""

from collections.abc import Iterator
from pathlib import Path

# Migrations are written by Django.
_NOT_OURS = {"migrations", "__pycache__", "node_modules", "static_collected"}


def named(root: Path, suffix: str) -> Iterator[Path]:
    """Our files with the suffix, those in hidden folders left out."""
    for path in sorted(root.iterdir()):
        if path.name.startswith(".") or path.name in _NOT_OURS:
            continue
        if path.is_dir():
            yield from named(path, suffix)
        elif path.suffix == suffix:
            yield path
