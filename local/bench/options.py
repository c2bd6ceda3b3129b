"""What can be chosen on the command line."""

import argparse
import os
from dataclasses import dataclass
from pathlib import Path

_FULL, _QUICK = 7.0, 1.0


@dataclass(frozen=True)
class Options:
    """How long each cell of the table takes, how the server is shaped, where the figures go."""

    seconds: float
    json: Path | None
    workers: int
    threads: int
    rows: int

    @property
    def warm_up(self) -> float:
        """Seconds before each measurement whose requests do not count."""
        return min(1.0, self.seconds / 4)


def parse(arguments: list[str]) -> Options:
    """The options; leaves with a sentence when they cannot be understood."""
    parser = argparse.ArgumentParser(prog="make bench")
    length = parser.add_mutually_exclusive_group()
    length.add_argument(
        "--seconds", type=float, default=_FULL, help=f"per measurement (default {_FULL:g})"
    )
    length.add_argument(
        "--quick", action="store_const", dest="seconds", const=_QUICK, help=f"{_QUICK:g} s each"
    )
    parser.add_argument("--json", type=Path, metavar="FILE", help="write the figures here, too")
    parser.add_argument(
        "--workers", type=int, default=os.cpu_count() or 1, help="server processes (one per core)"
    )
    parser.add_argument("--threads", type=int, default=4, help="threads of each (default 4)")
    parser.add_argument(
        "--rows",
        type=int,
        default=0,
        help="also measure collects over so many more ledger rows"
        " (1000000 take minutes and 3 GB of disk)",
    )
    found = parser.parse_args(arguments)
    if min(found.seconds, found.workers, found.threads) <= 0:
        parser.error("numbers must be above 0")
    return Options(found.seconds, found.json, found.workers, found.threads, found.rows)
