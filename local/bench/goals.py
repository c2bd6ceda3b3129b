"""The ratios of one run, beside what they must and should be."""

from collections.abc import Mapping
from dataclasses import dataclass

from local.bench.cell import Cell

Cells = Mapping[tuple[str, str, int], Cell]
MEANT = 8
CROWD = 32
HOT, LONG_PAST = "collect, hot card", "collect, long past"
FEW_ROWS, MANY_ROWS = "collect, few rows", "collect, many rows"
# Visits of the person who has a long past.
PAST = 2_000
# At most, and the aim.
_TRIPS = {
    "mint": (3, 1),
    "collect": (5, 2),
    "request": (5, 2),
    "preview": (5, 2),
    "confirm": (5, 2),
}


@dataclass(frozen=True)
class Goal:
    """A figure; `low` when a low one is good."""

    name: str
    figure: float
    must: float
    aim: float
    low: bool = False

    @property
    def verdict(self) -> str:
        """In a word."""
        if self._reaches(self.aim):
            return "aim"
        return "must" if self._reaches(self.must) else "MISSED"

    def _reaches(self, limit: float) -> bool:
        return self.figure <= limit if self.low else self.figure >= limit


def goals(cells: Cells, *, trips: Mapping[str, int]) -> list[Goal]:
    """All that this benchmark can judge."""
    floor, collect = cells["floor", "collect", MEANT], cells["http", "collect", MEANT]
    hot, regular = cells["http", HOT, MEANT], cells["http", LONG_PAST, MEANT]
    quiet, live = cells["http", "collect, quiet", CROWD], cells["http", "collect, live", CROWD]
    guarded = cells["http", "collect, policies", MEANT]
    used = collect.server_us + collect.postgres_us
    return [
        Goal("collect over HTTP / floor, 8 clients", collect.rate / floor.rate, 0.08, 0.15),
        Goal("its server + Postgres CPU / floor's", used / floor.postgres_us, 16, 9, low=True),
        Goal("collect with all policies / floor, 8 clients", guarded.rate / floor.rate, 0.08, 0.15),
        Goal("one hot card / spread, 8 clients", hot.rate / collect.rate, 0.4, 0.5),
        Goal(f"the same after {PAST:,} visits / spread", regular.rate / collect.rate, 0.4, 0.5),
        *_rows(cells),
        Goal("with live subscribers / without, 32 clients", live.rate / quiet.rate, 0.8, 0.95),
        *(
            Goal(f"round trips of a {name}", count, *_TRIPS[name], low=True)
            for name, count in trips.items()
        ),
    ]


def _rows(cells: Cells) -> list[Goal]:
    if ("http", MANY_ROWS, MEANT) not in cells:
        return []
    few, many = cells["http", FEW_ROWS, MEANT], cells["http", MANY_ROWS, MEANT]
    # Processor time, for the two are measured minutes apart on a machine that others use too.
    used = (many.server_us + many.postgres_us) / (few.server_us + few.postgres_us)
    return [
        Goal("CPU of a collect at many ledger rows / few", used, 1.3, 1.1, low=True),
        Goal("collects a second, few / many", few.rate / many.rate, 1.3, 1.1, low=True),
    ]
