"""A program that is to run until we end."""

import os
import subprocess
from collections.abc import Mapping, Sequence
from dataclasses import dataclass, field
from pathlib import Path
from typing import Protocol

from local import logfile, process


class Service(Protocol):
    """What can be watched: one of our programs, or Postgres."""

    name: str
    log: Path

    def start(self) -> None:
        """Run from now on."""

    def alive(self) -> bool:
        """Whether it runs."""

    def stop(self) -> None:
        """Gone, with all that it started, when it returns."""


@dataclass
class Program:
    """A command with a log file; it leaves nothing behind, however it ends."""

    name: str
    command: Sequence[str]
    folder: Path
    log: Path
    environment: Mapping[str, str]
    _process: subprocess.Popen[bytes] | None = field(default=None, repr=False)

    def start(self) -> None:
        """Run from now on; what an earlier run left is ended first."""
        self.stop()
        environment = {**os.environ, **self.environment, "PYTHONUNBUFFERED": "1"}
        with logfile.opened(self.log) as output:
            self._process = process.spawn(
                self.command, folder=self.folder, output=output, environment=environment
            )

    def alive(self) -> bool:
        """Whether it runs."""
        return self._process is not None and self._process.poll() is None

    def stop(self) -> None:
        """Gone, with its workers, when it returns."""
        if self._process:
            process.end(self._process)
            self._process = None
