"""`make demo` serves until it is stopped, mends what breaks, and leaves nothing behind."""

import os
import shutil
import signal
import socket
import subprocess
import sys
from collections.abc import Callable, Iterator
from dataclasses import dataclass
from pathlib import Path

import pytest

from local import postmaster, ready
from local.checkout import Checkout
from tests.local import fake_product
from tests.local.waiting import is_running, pids, until


@dataclass
class _Demo:
    """A running demo and what it says."""

    process: subprocess.Popen[bytes]
    output: Path

    def said(self) -> str:
        return self.output.read_text()

    def says(self, text: str) -> None:
        until(lambda: text in self.said() or self.process.poll() is not None, within=60)
        assert text in self.said()

    def ends(self) -> tuple[int, str]:
        return self.process.wait(20), self.said()


Start = Callable[..., _Demo]


@pytest.fixture
def checkout(open_folder: Path) -> Checkout:
    """A checkout with a product that needs no Django."""
    return fake_product.write(open_folder)


@pytest.fixture
def port() -> int:
    """A port that is free."""
    with socket.create_server(("127.0.0.1", 0)) as found:
        return int(found.getsockname()[1])


@pytest.fixture
def start(checkout: Checkout, port: int, tmp_path: Path) -> Iterator[Start]:
    """Starts the demo; all are stopped afterwards."""
    started: list[_Demo] = []

    def start(*command: str, **more: str) -> _Demo:
        ours = {name: os.environ[name] for name in ("PATH", "HOME") if name in os.environ}
        output = tmp_path / f"{len(started)}.txt"
        with output.open("wb") as out:
            process = subprocess.Popen(
                command or [sys.executable, "-m", "local.demo"],
                cwd=checkout.root,
                env={**ours, "PORT": str(port), **more},
                stdout=out,
                stderr=subprocess.STDOUT,
            )
        started.append(_Demo(process, output))
        return started[-1]

    yield start
    for demo in started:
        demo.process.terminate()
        demo.ends()


def _web(checkout: Checkout) -> list[int]:
    """Granian's main process and its worker, of the last start."""
    return pids(checkout.demo / "web.pids")[-2:]


def _jobs(checkout: Checkout) -> int:
    until(lambda: pids(checkout.logs / "jobs.log"))
    return pids(checkout.logs / "jobs.log")[-1]


def _postgres(checkout: Checkout) -> int:
    running = postmaster.find(checkout.demo / "postgres")
    assert running is not None
    return running.pid


def _all(checkout: Checkout) -> list[int]:
    return [*_web(checkout), _jobs(checkout), _postgres(checkout)]


def test_it_shows_the_way_keeps_everything_running_and_stops_everything(
    checkout: Checkout, port: int, start: Start
) -> None:
    demo = start()
    demo.says("Ctrl-C stops it")
    for expected in (
        "Migrating postgresql://plusone_owner@/plusone?host=%2F",
        "Lumo (business) http://lumo.localhost\n",
        "owner: olga@lumo.example with open-sesame",
        "operator: operator@plusone.example with let-me-in",
        str(checkout.demo / "demo.json"),
    ):
        assert expected in demo.said()
    first = _all(checkout)

    code, said = start().ends()
    assert f"A demo of this folder is already running: http://localhost:{port}" in said
    assert code == 1

    for name, pid in (("web", first[0]), ("jobs", first[2]), ("Postgres", first[3])):
        os.kill(pid, signal.SIGKILL)
        demo.says(f"{name} died; starting it again at once")
    until(lambda: _all_are_new(checkout, first))
    os.kill(_web(checkout)[1], signal.SIGKILL)
    until(lambda: not ready.missing_parts(port))

    last = _all(checkout)
    demo.process.terminate()
    code, said = demo.ends()
    assert "Stopping" in said
    assert code == 0
    until(lambda: not [pid for pid in (*first, *last) if is_running(pid)])


def _all_are_new(checkout: Checkout, before: list[int]) -> bool:
    running = postmaster.find(checkout.demo / "postgres")
    return bool(running) and not set(before) & set(_all(checkout))


@pytest.mark.skipif(sys.platform != "linux", reason="only Linux tells a child of its parent's end")
def test_when_it_is_killed_everything_ends_and_it_can_start_again(
    checkout: Checkout, start: Start
) -> None:
    demo = start()
    demo.says("Ctrl-C stops it")
    family = _all(checkout)
    keys = (checkout.demo / "keys.json").read_text()
    demo.process.kill()
    start().says("Ctrl-C stops it")
    until(lambda: not [pid for pid in family if is_running(pid)])
    assert (checkout.demo / "keys.json").read_text() == keys


@pytest.mark.skipif(sys.platform != "linux", reason="only Linux shows what make waits for")
def test_make_takes_it_along_when_it_alone_is_interrupted(checkout: Checkout, start: Start) -> None:
    shutil.copy(Checkout.here().root / "Makefile", checkout.root)
    demo = start("make", "demo", f"PYTHON={sys.executable}", DATABASE_URL="postgresql://theirs")
    demo.says("Ctrl-C stops it")
    family = [*_web(checkout), _jobs(checkout)]
    demo.process.send_signal(signal.SIGINT)
    demo.ends()
    until(lambda: not [pid for pid in family if is_running(pid)])


def test_a_failing_preparation_is_one_sentence_and_nothing_is_left(
    checkout: Checkout, start: Start
) -> None:
    code, said = start(FAIL="1", DATABASE_URL="postgresql://theirs").ends()
    assert code == 1
    assert "Migrating postgresql://theirs\n" in said
    assert "The demo could not be prepared: CommandError: the demo is told to fail" in said
    assert str(checkout.logs / "demo.log") in said
    assert "Starting" not in said
    assert not (checkout.demo / "postgres").exists()


def test_a_port_in_use_is_told_before_anything_is_made(
    checkout: Checkout, port: int, start: Start
) -> None:
    with socket.create_server(("127.0.0.1", port)):
        code, said = start().ends()
    assert code == 1
    assert said.strip().startswith(f"Port {port} is in use by another program")
    assert [each.name for each in checkout.demo.iterdir()] == ["lock"]
