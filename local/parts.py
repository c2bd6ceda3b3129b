"""The parts of the tests by name, with the minutes that each took when it was last written down."""

import json
from dataclasses import dataclass
from pathlib import Path
from typing import Any, Self

from local import entry
from local.checkout import Checkout
from local.errors import LocalError
from local.progress import say

_TESTS = "tests"
_FILE = "minutes.json"


@dataclass(frozen=True)
class Minutes:
    """The minutes by part, and the machine and day of that run."""

    of_part: dict[str, float]
    where: str

    @classmethod
    def read(cls, root: Path) -> Self:
        """As the repository keeps them; empty before they were first written."""
        try:
            kept: dict[str, Any] = json.loads(_file(root).read_text(encoding="utf-8"))
        except FileNotFoundError:
            return cls({}, "")
        return cls(kept["minutes"], kept["where"])

    def write(self, root: Path) -> None:
        """Keep them for `make help`."""
        kept = {"where": self.where, "minutes": dict(sorted(self.of_part.items()))}
        _file(root).write_text(json.dumps(kept, indent=2) + "\n", encoding="utf-8")


def _file(root: Path) -> Path:
    return root / _TESTS / _FILE


def names(root: Path) -> list[str]:
    """The folders of tests, in order."""
    return sorted(path.name for path in (root / _TESTS).iterdir() if any(path.rglob("test_*.py")))


def folders(root: Path, wanted: str) -> list[str]:
    """Where the parts lie whose names are given, split at blanks; raises LocalError."""
    known = names(root)
    unknown = [name for name in wanted.split() if name not in known]
    if unknown:
        raise LocalError(f"No part of the tests is called {unknown[0]}: {', '.join(known)}.")
    return [f"{_TESTS}/{name}" for name in wanted.split()]


def main(_arguments: list[str]) -> int:
    """Show each part's name and minutes."""
    root = Checkout.here().root
    kept = Minutes.read(root)
    measured = f"; minutes on {kept.where}" if kept.where else ""
    say(f'\nParts of the tests, for make test PART="live races"{measured}')
    for name in names(root):
        minutes = kept.of_part.get(name)
        say(f"  {name:<14} {'-' if minutes is None else f'{minutes:.1f}'}")
    return 0


if __name__ == "__main__":
    entry.run(main)
