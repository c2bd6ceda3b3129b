"""The floor: mint and collect as one call each, driven by pgbench on the same tables."""

import os
import re
import resource
import subprocess
from collections.abc import Mapping
from dataclasses import dataclass
from pathlib import Path

import psycopg
from psycopg import sql

from local import binaries
from local.bench.cell import Cell
from local.bench.meter import Meter
from local.bench.sample import Sample
from local.bench.shop import SCHEMA, Shop
from local.bench.stock import Stock
from local.checkout import Checkout
from local.errors import LocalError

_MINT = r"""
\set n :n + 1
\set id :numbers + :client_id * :share + :n
SELECT floor_mint(:id, :program, :location, :preset);
"""
_COLLECT = r"""
\set n :n + 1
\set nth :client_id * :share + :n
\set token :first + :nth
\set customer :customers + (:client_id * :apart + :n) % :count
\set id :numbers + 2 * :nth
SELECT floor_collect(:token, :customer, :id);
"""
_PLENTY = 10_000_000
# Sessions are made for more than was just possible: a busy machine may be free again.
_MARGIN, _SLOWEST = 1.5, 5_000


def create(connection: psycopg.Connection[tuple[object, ...]], sample: Sample) -> None:
    """The two functions; they write policies and outcomes of the size that the product writes."""
    text = Path(__file__).with_name("floor.sql").read_text(encoding="utf-8")
    values = {
        "staff": sql.Literal(sample.staff),
        "threshold": sql.Literal(sample.threshold),
        "policy": sql.SQL("{}::jsonb").format(sql.Literal(sample.policy)),
        "outcome": sql.SQL("{}::jsonb").format(sql.Literal(sample.outcome)),
    }
    connection.execute(sql.SQL(text).format(**values))


@dataclass
class Floor:
    """Runs pgbench, with scripts and logs in `folder`."""

    checkout: Checkout
    shop: Shop
    stock: Stock
    meter: Meter
    folder: Path

    def mint(self, clients: int, seconds: float) -> Cell:
        """Mints at one business."""
        values = {
            "numbers": self.stock.numbers(clients * _PLENTY),
            "share": _PLENTY,
            "program": self.shop.program,
            "location": self.shop.location,
            "preset": self.shop.preset,
        }
        return self._run("mint", _MINT, values, clients, seconds)

    def collect(self, clients: int, seconds: float, *, at_most: float, hot: bool = False) -> Cell:
        """Collects, about `at_most` a second at most; on far-apart cards or, when hot, on one."""
        expected = max(at_most, _SLOWEST) * _MARGIN * seconds
        share = int(expected / clients) + 1_000
        cards = 1 if hot else self.shop.floor_count
        values = {
            "first": self.stock.sessions(clients * share + 1),
            "share": share,
            "numbers": self.stock.numbers(2 * clients * share + 2),
            "customers": self.shop.floor_first,
            "count": cards,
            "apart": cards // clients,
        }
        name = "collect, hot card" if hot else "collect"
        return self._run(name, _COLLECT, values, clients, seconds)

    def _run(
        self, name: str, script: str, values: Mapping[str, int], clients: int, seconds: float
    ) -> Cell:
        file = self.folder / "script.sql"
        file.write_text(script, encoding="utf-8")
        before, own = self.meter.read(), _children()
        said = self._pgbench(file, {"n": 0, **values}, clients, max(1, round(seconds)))
        spent, own = self.meter.read().since(before), _children() - own
        done = int(_found(r"actually processed: (\d+)", said))
        return Cell(
            name=name,
            clients=clients,
            done=done,
            seconds=done / float(_found(r"tps = ([\d.]+)", said)),
            latencies=self._latencies(),
            server_cpu=0.0,
            postgres_cpu=spent.postgres,
            client_cpu=own,
            machine_cpu=spent.machine,
            statements=spent.statements,
        )

    def _pgbench(self, script: Path, values: Mapping[str, int], clients: int, seconds: int) -> str:
        program = binaries.find(self.checkout, None).program("pgbench")
        threads = min(clients, os.cpu_count() or 1)
        shape = f"-n -M prepared -c {clients} -j {threads} -T {seconds} -l".split()
        given = [part for name, value in values.items() for part in ("-D", f"{name}={value}")]
        files = ["--log-prefix", str(self.folder / "log"), "-f", str(script)]
        # The application's own rights, in the business's schema.
        role = os.environ.get("DATABASE_APP_ROLE", "plusone_app")
        ended = subprocess.run(
            [program, *shape, *given, *files, os.environ["DATABASE_URL"]],
            check=False,
            capture_output=True,
            text=True,
            env={**os.environ, "PGOPTIONS": f"-c search_path={SCHEMA} -c role={role}"},
        )
        if ended.returncode != 0:
            raise LocalError(f"pgbench failed: {ended.stderr.strip()[:300]}")
        return ended.stdout

    def _latencies(self) -> list[float]:
        found: list[float] = []
        for log in self.folder.glob("log.*"):
            with log.open(encoding="ascii") as lines:
                found += [int(line.split()[2]) / 1e6 for line in lines]
            log.unlink()
        return found


def _found(pattern: str, text: str) -> str:
    found = re.search(pattern, text)
    if not found:
        raise LocalError(f"pgbench said something new: {text}")
    return found[1]


def _children() -> float:
    used = resource.getrusage(resource.RUSAGE_CHILDREN)
    return used.ru_utime + used.ru_stime
