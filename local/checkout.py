"""Where things lie in a checkout."""

from dataclasses import dataclass
from pathlib import Path
from typing import Self


@dataclass(frozen=True)
class Checkout:
    """The folder with manage.py, and what we keep in it."""

    root: Path

    @classmethod
    def here(cls) -> Self:
        """The checkout this code belongs to."""
        return cls(Path(__file__).resolve().parent.parent)

    @property
    def venv(self) -> Path:
        """The environment, ours alone."""
        return self.root / ".venv"

    @property
    def python(self) -> Path:
        """The environment's Python; it exists after `environment.ensure`."""
        return self.venv / "bin" / "python"

    @property
    def demo(self) -> Path:
        """All that the demo remembers."""
        return self.root / ".demo"

    @property
    def logs(self) -> Path:
        """The demo's log files."""
        return self.demo / "logs"

    @property
    def test(self) -> Path:
        """Throw-away servers, one folder each."""
        return self.root / ".test"
