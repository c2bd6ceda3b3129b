"""The ratios of one run, beside what they must and should be."""

from collections.abc import Mapping
from dataclasses import dataclass

from local.bench.cell import Cell

Cells = Mapping[tuple[str, str, int], Cell]
MEANT = 8
CROWD = 32


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


def goals(cells: Cells, *, mint_trips: int, collect_trips: int) -> list[Goal]:
    """All that this benchmark can judge."""
    floor, collect = cells["floor", "collect", MEANT], cells["http", "collect", MEANT]
    hot = cells["http", "collect, hot card", MEANT]
    quiet, live = cells["http", "collect, quiet", CROWD], cells["http", "collect, live", CROWD]
    used = collect.server_us + collect.postgres_us
    return [
        Goal("collect over HTTP / floor, 8 clients", collect.rate / floor.rate, 0.08, 0.15),
        Goal("its server + Postgres CPU / floor's", used / floor.postgres_us, 16, 9, low=True),
        Goal("one hot card / spread, 8 clients", hot.rate / collect.rate, 0.4, 0.5),
        Goal("with live subscribers / without, 32 clients", live.rate / quiet.rate, 0.8, 0.95),
        Goal("round trips of a mint", mint_trips, 3, 1, low=True),
        Goal("round trips of a collect", collect_trips, 5, 2, low=True),
    ]
