"""Mint and collect through the product's web server."""

from collections.abc import Iterator
from dataclasses import dataclass

from local.bench import calls, load
from local.bench.cell import Cell
from local.bench.load import Outcome
from local.bench.meter import Meter, Reading
from local.bench.options import Options
from local.bench.shop import Customer, Shop
from local.bench.stock import Stock
from local.bench.web import Web

# More sessions than were just collected in the time: a busy machine may be free again.
_MARGIN, _LEAST = 2.0, 4_000
_FIRST_SECONDS = 2.0


@dataclass
class Http:
    """Requests to one running server; `mints` and `collects` count all answers, warm-ups too."""

    web: Web
    shop: Shop
    stock: Stock
    meter: Meter
    options: Options
    mints: int = 0
    collects: int = 0

    def warm_up(self, clients: int) -> None:
        """Let every thread of the server have its connection, its imports and its caches."""
        for _ in range(2):
            outcome = load.run(
                self.web.port,
                calls.mints(self.shop),
                clients=clients,
                seconds=_FIRST_SECONDS / 2,
                expected=calls.MINTED,
            )
            self.mints += len(outcome.latencies)

    def mint(self, clients: int) -> Cell:
        """Mints by all staff."""
        requests = calls.mints(self.shop)
        cell, answers = self._measured("mint", requests, clients, calls.MINTED)
        self.mints += answers
        return cell

    def collect(  # noqa: PLR0913  what tells one kind of collect from another
        self,
        clients: int,
        customers: list[Customer],
        *,
        at_most: float,
        name: str = "collect",
        part: float = 1.0,
        sample: int | None = None,
    ) -> Cell:
        """Collects by these customers in turn, at about `at_most` a second, for part of a cell.

        The sessions are like `sample`, or like the usual one.
        """
        seconds = self.options.seconds * part + self.options.warm_up
        count = int(_MARGIN * at_most * seconds) + _LEAST
        first = self.stock.sessions(count, sample=sample)
        requests = iter(calls.collects(first, count, customers))
        cell, answers = self._measured(name, requests, clients, calls.COLLECTED, part)
        self.collects += answers
        return cell

    def all_of(self, name: str, requests: list[bytes], clients: int, expected: bytes) -> Cell:
        """Each of these requests once, without a warm-up."""
        before = self.meter.read()
        outcome = load.run_all(self.web.port, requests, clients=clients, expected=expected)
        return _cell(name, clients, outcome, self.meter.read().since(before))

    def _measured(
        self, name: str, requests: Iterator[bytes], clients: int, expected: bytes, part: float = 1.0
    ) -> tuple[Cell, int]:
        port, chosen = self.web.port, self.options
        warm = load.run(port, requests, clients=clients, seconds=chosen.warm_up, expected=expected)
        before = self.meter.read()
        outcome = load.run(
            port, requests, clients=clients, seconds=chosen.seconds * part, expected=expected
        )
        spent = self.meter.read().since(before)
        cell = _cell(name, clients, outcome, spent)
        return cell, cell.done + len(warm.latencies)


def _cell(name: str, clients: int, outcome: Outcome, spent: Reading) -> Cell:
    return Cell(
        name=name,
        clients=clients,
        done=len(outcome.latencies),
        seconds=outcome.seconds,
        latencies=outcome.latencies,
        server_cpu=spent.server,
        postgres_cpu=spent.postgres,
        client_cpu=outcome.cpu,
        machine_cpu=spent.machine,
        statements=spent.statements,
    )
