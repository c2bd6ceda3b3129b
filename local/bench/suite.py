"""The whole run: floor and HTTP side by side, so that a busy machine slows both alike."""

import tempfile
from dataclasses import dataclass, field
from pathlib import Path

import psycopg
from django.conf import settings

from local.bench import floor, goals, machine, proof, report, sample, web
from local.bench.cell import Cell
from local.bench.diners import feed
from local.bench.floor import Floor
from local.bench.following import following
from local.bench.goals import CROWD, FEW_ROWS, HOT, LONG_PAST, MANY_ROWS, MEANT, PAST
from local.bench.handshake import Handshake, diners
from local.bench.hot import redeemed
from local.bench.http import Http
from local.bench.meter import Meter
from local.bench.options import Options
from local.bench.past import come, ledger_rows
from local.bench.report import Row
from local.bench.sample import HANDSHAKES, Sample
from local.bench.shop import Customer, Shop, open_shop, owner
from local.bench.stock import Stock
from local.checkout import Checkout
from local.progress import say

_CLIENTS = (1, MEANT, CROWD)
_SOCKETS = 50


@dataclass
class _Suite:
    options: Options
    checkout: Checkout
    shop: Shop
    meter: Meter
    floor: Floor
    http: Http
    handshake: Handshake
    taken: Sample
    stock: Stock
    connection: psycopg.Connection[tuple[object, ...]]
    rows: list[Row] = field(default_factory=list)
    notes: list[str] = field(default_factory=list)

    def measure(self) -> None:
        self.http.warm_up(CROWD)
        say(report.HEAD)
        for clients in _CLIENTS:
            self._both(clients)
        self._hot()
        self._guarded()
        self._handshake()
        self._live()
        if self.options.rows:
            self._over_many_rows()

    def _both(self, clients: int) -> None:
        seconds = self.options.seconds
        fastest = self._keep("floor", self.floor.mint(clients, seconds)).rate
        self._keep("floor", self.floor.collect(clients, seconds, at_most=fastest))
        fastest = self._keep("http", self.http.mint(clients)).rate
        self._keep("http", self.http.collect(clients, self.shop.spread, at_most=fastest))

    def _guarded(self) -> None:
        cell = self.http.collect(
            MEANT,
            self.shop.guarded,
            at_most=self._rate("http", MEANT),
            name="collect, policies",
            sample=self.taken.guarded_session,
        )
        self._keep("http", cell)

    def _handshake(self) -> None:
        for cell in self.handshake.measure(MEANT):
            self._keep("http", cell)

    def _hot(self) -> None:
        seconds, fastest = self.options.seconds, self._rate("floor", MEANT)
        self._keep("floor", self.floor.collect(MEANT, seconds, at_most=fastest, hot=True))
        # A card has its customer's number in this business.
        fastest = self._rate("http", MEANT)
        for name, customer in ((HOT, self.shop.hot), (LONG_PAST, self.shop.regular)):
            with redeemed(customer.id):
                cell = self.http.collect(MEANT, [customer], at_most=fastest, name=name)
            self._keep("http", cell)

    def _over_many_rows(self) -> None:
        spread = self.shop.spread
        # By whole cards, so that as many collects fill one as before.
        each = max(1, self.options.rows // len(spread) // self.taken.threshold)
        each *= self.taken.threshold
        before = ledger_rows(self.connection)
        self._collects(FEW_ROWS, spread[::2])
        say(f"Writing {each * len(spread):,} visits of long ago …")
        self.http.collects += come(
            self.connection, spread, each=each, stock=self.stock, sample=self.taken
        )
        # The other half, alike and not measured yet.
        self._collects(MANY_ROWS, spread[1::2])
        rows = ledger_rows(self.connection)
        self.notes.append(f"Few rows were {before:,} in the ledger, many {rows:,}.")

    def _collects(self, name: str, customers: list[Customer]) -> None:
        fastest = self._rate("http", MEANT)
        self._keep("http", self.http.collect(MEANT, customers, at_most=fastest, name=name))

    def _live(self) -> None:
        followed = self.shop.followed
        # Half before and half after: a machine that grows busier or calmer favours neither.
        before = self._crowd("collect, quiet", self.shop.quiet)
        with (
            web.live(self.checkout, self.floor.folder) as live,
            following(self.checkout, live.port, followed[:_SOCKETS]) as heard,
        ):
            first = self._crowd("collect, live", followed)
            second = self._crowd("collect, live", followed)
        after = self._crowd("collect, quiet", self.shop.quiet)
        self._keep("http", before.joined(after))
        self._keep("http", first.joined(second))
        self.notes.append(f"{_SOCKETS} sockets heard {heard.heard:,} changes in the live run.")

    def _crowd(self, name: str, customers: list[Customer]) -> Cell:
        return self.http.collect(
            CROWD, customers, at_most=self._rate("http", CROWD), name=name, part=0.5
        )

    def _keep(self, kind: str, cell: Cell) -> Cell:
        self.rows.append(Row(kind, cell))
        self.rows[-1].show()
        return cell

    def _rate(self, kind: str, clients: int) -> float:
        return self.cells()[kind, "collect", clients].rate

    def cells(self) -> dict[tuple[str, str, int], Cell]:
        return {(row.kind, row.cell.name, row.cell.clients): row.cell for row in self.rows}

    def floor_total(self, name: str) -> int:
        rows = (row.cell for row in self.rows if row.kind == "floor")
        return sum(cell.done for cell in rows if cell.name.startswith(name))


def run(options: Options) -> int:
    """Measure, print, prove; 1 when the books do not agree."""
    checkout = Checkout.here()
    say("Opening a business with its customers …")
    shop = open_shop(checkout, diners=HANDSHAKES + diners(options.seconds))
    with tempfile.TemporaryDirectory() as name, owner() as connection:
        folder = Path(name)
        taken = sample.take(shop, connection)
        floor.create(connection, taken)
        facts = machine.facts(connection) | _method(options)
        for label, text in facts.items():
            say(f"  {label:20}{text}")
        stock, meter = Stock(connection, taken.session), Meter(connection)
        fed = feed(connection, shop.diners, stock=stock, sample=taken)
        fed += come(connection, [shop.regular], each=PAST, stock=stock, sample=taken)
        shaken = sample.shake_hands(shop, shop.diners)
        with web.http(checkout, options, folder) as served:
            meter.server = served.pid
            pgbench = Floor(checkout, shop, stock, meter, folder)
            http = Http(served, shop, stock, meter, options, taken.minted, taken.collected + fed)
            eating = shop.diners[shaken.handshakes :]
            handshake = Handshake(http, shop, connection, eating, shaken.handshakes)
            suite = _Suite(
                options,
                checkout,
                shop,
                meter,
                pgbench,
                http,
                handshake,
                taken,
                stock,
                connection,
            )
            suite.measure()
        trips = {"mint": taken.mint_trips, "collect": taken.collect_trips} | shaken.trips
        return _conclude(suite, trips, connection, facts)


def _conclude(
    suite: _Suite,
    trips: dict[str, int],
    connection: psycopg.Connection[tuple[object, ...]],
    facts: dict[str, str],
) -> int:
    for note in suite.notes:
        say(note)
    counted_sale = goals.goals(suite.cells(), trips=trips)
    report.show_goals(counted_sale)
    mints = suite.http.mints + suite.floor_total("mint")
    collects = suite.http.collects + suite.floor_total("collect")
    confirms = suite.handshake.confirmed
    books = proof.books(connection, mints=mints, collects=collects, confirms=confirms)
    report.show_books(books)
    if suite.options.json:
        report.write(
            suite.options.json, facts=facts, rows=suite.rows, goals=counted_sale, books=books
        )
    return 0 if books.agree else 1


def _method(options: Options) -> dict[str, str]:
    return {
        "each measurement": f"{options.seconds:g} s after {options.warm_up:g} s of warm-up",
        "HTTP": f"granian, {options.workers} processes of {options.threads} threads;"
        f" bearer tokens; {settings.LOGGING['root']['level']} log",
        "live": f"{_SOCKETS} sockets at one more process (ASGI)",
        "floor": "pgbench, prepared, one call of a function on the same tables",
    }
