"""Log files of the programs we start."""

import re
from pathlib import Path
from typing import IO

_LARGEST = 10 * 1024 * 1024
_FAILURE = re.compile(r"(?:FATAL|PANIC):\s+(.*)")


def opened(file: Path) -> IO[bytes]:
    """The file for appending; begun again when it has become large."""
    file.parent.mkdir(parents=True, exist_ok=True)
    if file.exists() and file.stat().st_size > _LARGEST:
        file.write_bytes(b"")
    return file.open("ab")


def size(file: Path) -> int:
    """How much is written so far."""
    return file.stat().st_size if file.exists() else 0


def last_line(file: Path, after: int = 0) -> str:
    """The last line that says something, of those written after the given size."""
    return (_lines(file, after) or ["no reason was given"])[-1]


def failure(file: Path, after: int) -> str:
    """Why Postgres gave up, in its own words."""
    said = [match[1] for line in _lines(file, after) if (match := _FAILURE.search(line))]
    return said[-1] if said else last_line(file, after)


def _lines(file: Path, after: int) -> list[str]:
    with file.open("rb") as log:
        log.seek(after)
        text = log.read().decode(errors="replace")
    return [line.strip() for line in text.splitlines() if line.strip()]
