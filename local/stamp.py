"""What an environment was made from, written into it when it is complete."""

import dataclasses
import hashlib
import json
import sys
from dataclasses import dataclass
from pathlib import Path
from typing import Self

from local.checkout import Checkout

_CONTAINED_IN = {
    "requirements.lock": ("requirements-demo.lock", "requirements-dev.lock"),
    "requirements-demo.lock": ("requirements-dev.lock",),
}


@dataclass(frozen=True)
class Stamp:
    """A lock as it was installed, by which Python and where (an environment cannot be moved)."""

    lock: str
    digest: str
    python: str
    folder: str

    @classmethod
    def wanted(cls, checkout: Checkout, lock: str) -> Self:
        """The stamp of an environment made now."""
        digest = hashlib.sha256((checkout.root / lock).read_bytes()).hexdigest()
        # Not the third number: two Pythons 3.11 on one machine would take turns in rebuilding.
        python = "{}.{}".format(*sys.version_info)
        return cls(lock, digest, python, str(checkout.venv.resolve()))

    @classmethod
    def read(cls, checkout: Checkout) -> Self | None:
        """The stamp of the environment there is; None when it is missing or half-built."""
        try:
            return cls(**json.loads(_file(checkout).read_text()))
        except (OSError, ValueError, TypeError):
            return None

    def write(self, checkout: Checkout) -> None:
        """Declare the environment complete."""
        _file(checkout).write_text(json.dumps(dataclasses.asdict(self)))

    def fits(self, wanted: "Stamp") -> bool:
        """Whether packages can be added to this environment, or it has to be made again."""
        return (self.python, self.folder) == (wanted.python, wanted.folder)


def satisfied(checkout: Checkout, lock: str) -> bool:
    """Whether the environment holds this lock, or one that contains it, as it is today."""
    found = Stamp.read(checkout)
    return (
        found is not None
        and found.lock in (lock, *_CONTAINED_IN.get(lock, ()))
        and found == Stamp.wanted(checkout, found.lock)
        and checkout.python.exists()
    )


def remove(checkout: Checkout) -> None:
    """Declare the environment unfinished."""
    _file(checkout).unlink(missing_ok=True)


def _file(checkout: Checkout) -> Path:
    return checkout.venv / ".stamp"
