"""The benchmark's own arithmetic, and its client against a server of a few lines."""

import itertools
import os
import threading
from collections.abc import Iterator
from dataclasses import asdict, replace
from http.server import BaseHTTPRequestHandler, ThreadingHTTPServer

import pytest

from local.bench import cpu, goals, handshake, load, options
from local.bench.cell import Cell
from local.bench.goals import Goal
from local.bench.proof import Books
from local.errors import LocalError
from loyalty.redeeming.pins import MOST_ALIVE


class _Answer(BaseHTTPRequestHandler):
    protocol_version = "HTTP/1.1"

    def do_GET(self) -> None:
        body = self.path.encode()
        self.send_response(200)
        self.send_header("Content-Length", str(len(body)))
        self.end_headers()
        self.wfile.write(body)

    def log_message(self, *_: object) -> None:
        """Say nothing."""


@pytest.fixture
def port() -> Iterator[int]:
    with ThreadingHTTPServer(("127.0.0.1", 0), _Answer) as server:
        thread = threading.Thread(target=server.serve_forever)
        thread.start()
        yield server.server_port
        server.shutdown()
        thread.join()


def _gets(path: str) -> Iterator[bytes]:
    return itertools.repeat(f"GET {path} HTTP/1.1\r\nHost: here\r\n\r\n".encode())


def test_client_keeps_its_connections_busy(port: int) -> None:
    outcome = load.run(port, _gets("/good"), clients=3, seconds=0.2, expected=b"/good")
    assert len(outcome.latencies) > 3
    assert 0 < min(outcome.latencies) <= max(outcome.latencies) <= outcome.seconds


def test_client_stops_at_an_answer_that_it_did_not_expect(port: int) -> None:
    with pytest.raises(LocalError, match="/bad"):
        load.run(port, _gets("/bad"), clients=1, seconds=0.2, expected=b"/good")


def test_client_asks_each_of_a_few_once(port: int) -> None:
    few = list(itertools.islice(_gets("/good"), 7))
    for clients in (1, 3, 9):
        outcome = load.run_all(port, few, clients=clients, expected=b"/good")
        assert len(outcome.latencies) == len(few)


def test_client_says_that_requests_ran_out(port: int) -> None:
    few = itertools.islice(_gets("/good"), 2)
    with pytest.raises(LocalError, match="ran out"):
        load.run(port, few, clients=1, seconds=5, expected=b"/good")


def test_answers_are_whole_with_a_length_or_the_last_chunk() -> None:
    head = b"HTTP/1.1 200 OK\r\nContent-Length: 4\r\n\r\n"
    whole = load.is_whole
    assert [whole(bytearray(head + body)) for body in (b"", b"abc", b"abcd")] == [0, 0, 1]
    assert not whole(bytearray(head[:-1]))
    chunked = b"HTTP/1.1 200 OK\r\ntransfer-encoding: chunked\r\n\r\n4\r\nabcd\r\n"
    assert [whole(bytearray(chunked + end)) for end in (b"", b"0\r\n\r\n")] == [0, 1]


def test_cell_counts_per_operation() -> None:
    cell = Cell(
        name="mint",
        clients=2,
        done=100,
        seconds=2.0,
        latencies=[number / 1000 for number in range(100, 0, -1)],
        server_cpu=0.5,
        postgres_cpu=0.25,
        client_cpu=0.2,
        machine_cpu=2.95,
        statements=850,
    )
    assert (cell.rate, cell.statements_each) == (50, 8.5)
    assert (cell.percentile(0.5), cell.percentile(0.99)) == (50, 99)
    assert (cell.server_us, cell.postgres_us) == (5_000, 2_500)
    assert cell.client_share == 0.1
    assert cell.others_share == pytest.approx(1.0)


@pytest.mark.parametrize(
    ("figure", "low", "verdict"),
    [
        (0.9, False, "aim"),
        (0.5, False, "must"),
        (0.4, False, "MISSED"),
        (2, True, "MISSED"),
        (0.5, True, "aim"),
    ],
)
def test_goals_are_judged_in_their_direction(figure: float, low: bool, verdict: str) -> None:  # noqa: FBT001  a parameter of pytest's
    must, aim = (1, 0.5) if low else (0.5, 0.9)
    assert Goal("any", figure, must=must, aim=aim, low=low).verdict == verdict


def test_each_step_that_a_client_waits_for_is_judged() -> None:
    cell = Cell("any", 8, 100, 1.0, [0.01], 1.0, 1.0, 0.1, 3.0, 100)
    names = [
        *("collect", goals.HOT, goals.LONG_PAST, "collect, policies"),
        *("collect, quiet", "collect, live"),
    ]
    cells = dict.fromkeys(itertools.product(("floor", "http"), names, (8, 32)), cell)
    trips = {"mint": 4, "collect": 2, "request": 5, "preview": 3, "confirm": 6}
    verdicts = {goal.name: goal.verdict for goal in goals.goals(cells, trips=trips)}
    assert [verdicts[f"round trips of a {name}"] for name in trips] == [
        *("MISSED", "aim", "must", "must", "MISSED")
    ]
    assert verdicts["collect with all policies / floor, 8 clients"] == "aim"
    assert verdicts["the same after 2,000 visits / spread"] == "aim"
    # Judged only where it was measured.
    many = "CPU of a collect at many ledger rows / few"
    assert many not in verdicts
    dearer = replace(cell, server_cpu=1.5)
    cells |= {("http", goals.FEW_ROWS, 8): cell, ("http", goals.MANY_ROWS, 8): dearer}
    found = {goal.name: goal for goal in goals.goals(cells, trips=trips)}
    assert (found[many].figure, found[many].verdict) == (1.25, "must")


@pytest.mark.parametrize("seconds", [0.1, 1.0, 7.0])
def test_the_short_form_redeems_too_after_a_batch_of_warm_up(seconds: float) -> None:
    batches, rest = divmod(handshake.diners(seconds), handshake.BATCH)
    assert (rest, batches >= 3) == (0, True)
    # One live redemption each: far from the number above which there are no PINs.
    assert handshake.BATCH < MOST_ALIVE / 2


def test_books_agree_only_when_every_count_is_the_same() -> None:
    books = Books(
        collects_answered=7,
        used_tokens=7,
        collected_events=7,
        ledger_units=7,
        card_units=7,
        mints_answered=3,
        minted_events=3,
        confirms_answered=2,
        confirmed_redemptions=2,
        confirmed_events=2,
        wrong=0,
    )
    assert books.agree
    for name in asdict(books):
        assert not replace(books, **{name: 8}).agree


def test_processor_time_of_a_process_is_counted() -> None:
    assert cpu.machine() > cpu.tree(os.getpid()) > 0
    assert cpu.parent(os.getpid()) == os.getppid()
    with pytest.raises(LocalError, match="Linux"):
        cpu.parent(2**30)


def test_quick_is_short_and_zero_is_refused(capsys: pytest.CaptureFixture[str]) -> None:
    assert options.parse(["--quick"]).seconds < options.parse([]).seconds
    with pytest.raises(SystemExit):
        options.parse(["--seconds", "0"])
    assert "above 0" in capsys.readouterr().err
