"""Adds up how long each part of the tests takes; MINUTES=1 keeps it for `make help`."""

import os
import platform
from collections import defaultdict
from datetime import UTC, datetime
from pathlib import Path

import pytest

from local.parts import Minutes

_ROOT = Path(__file__).parent.parent
_seconds: defaultdict[str, float] = defaultdict(float)


def pytest_runtest_logreport(report: pytest.TestReport) -> None:
    """Add one report; with workers, the process that collects them hears of all."""
    _, _, rest = report.nodeid.partition("tests/")
    _seconds[rest.partition("/")[0]] += report.duration


def pytest_terminal_summary(terminalreporter: pytest.TerminalReporter) -> None:
    """Show the sums, longest first."""
    workers = terminalreporter.config.getoption("numprocesses", None) or 1
    minutes = {name: round(total / 60 / workers, 1) for name, total in _seconds.items()}
    longest_first = sorted(minutes.items(), key=lambda each: -each[1])
    told = ", ".join(f"{name} {time}" for name, time in longest_first)
    terminalreporter.write_line(f"Minutes by part, with {workers} workers: {told}")
    if os.environ.get("MINUTES") and not hasattr(terminalreporter.config, "workerinput"):
        _keep(minutes)


def _keep(minutes: dict[str, float]) -> None:
    # Two runs of pytest make one run of the tests: what the other one measured stays.
    python = platform.python_version()
    where = f"{os.cpu_count()} cores, Python {python}, {datetime.now(UTC):%Y-%m-%d}"
    Minutes({**Minutes.read(_ROOT).of_part, **minutes}, where).write(_ROOT)
