"""`make demo` serves until it is stopped, mends what breaks, and leaves nothing behind."""

import os
import shutil
import signal
import socket
import subprocess
import sys
from collections.abc import Callable, Iterator
from pathlib import Path

import pytest

from local import places, postmaster, ready
from local.checkout import Checkout
from tests.local import fake_product
from tests.local.waiting import is_running, pids, until

Start = Callable[..., subprocess.Popen[str]]


@pytest.fixture
def checkout(open_folder: Path) -> Iterator[Checkout]:
    """A checkout with a product that needs no Django."""
    yield fake_product.write(open_folder)
    shutil.rmtree(places.stand_ins(open_folder), ignore_errors=True)


@pytest.fixture
def port() -> int:
    """A port that is free."""
    with socket.create_server(("127.0.0.1", 0)) as found:
        return int(found.getsockname()[1])


@pytest.fixture
def start(checkout: Checkout, port: int) -> Iterator[Start]:
    """Starts the demo; all are stopped afterwards."""
    started: list[subprocess.Popen[str]] = []

    def start(**more: str) -> subprocess.Popen[str]:
        ours = {name: os.environ[name] for name in ("PATH", "HOME") if name in os.environ}
        demo = subprocess.Popen(
            [sys.executable, "-m", "local.demo"],
            cwd=checkout.root,
            env={**ours, "PORT": str(port), **more},
            stdout=subprocess.PIPE,
            stderr=subprocess.STDOUT,
            text=True,
        )
        started.append(demo)
        return demo

    yield start
    for demo in started:
        demo.terminate()
        demo.communicate(timeout=20)


def _read_until(demo: subprocess.Popen[str], text: str) -> str:
    assert demo.stdout is not None
    said = ""
    for line in demo.stdout:
        said += line
        if text in line:
            return said
    raise AssertionError(said)


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
    said = _read_until(demo, "Ctrl-C stops it")
    assert "Migrating postgresql://plusone_owner@/plusone?host=%2F" in said
    assert "Lumo (business) http://lumo.localhost\n" in said
    assert "owner: olga@lumo.example with open-sesame" in said
    assert "operator: operator@plusone.example with let-me-in" in said
    assert str(checkout.demo / "demo.json") in said
    first = _all(checkout)

    second = start()
    assert f"A demo of this folder is already running: http://localhost:{port}" in _end(second)
    assert second.returncode == 1

    for name, pid in (("web", first[0]), ("jobs", first[2]), ("Postgres", first[3])):
        os.kill(pid, signal.SIGKILL)
        _read_until(demo, f"{name} died; starting it again at once")
    until(lambda: _all_are_new(checkout, first))
    os.kill(_web(checkout)[1], signal.SIGKILL)
    until(lambda: not ready.missing_parts(port))

    last = _all(checkout)
    demo.terminate()
    assert "Stopping" in _end(demo)
    assert demo.returncode == 0
    until(lambda: not [pid for pid in (*first, *last) if is_running(pid)])


def _all_are_new(checkout: Checkout, before: list[int]) -> bool:
    running = postmaster.find(checkout.demo / "postgres")
    return bool(running) and not set(before) & set(_all(checkout))


def _end(demo: subprocess.Popen[str]) -> str:
    return demo.communicate(timeout=20)[0]


@pytest.mark.skipif(sys.platform != "linux", reason="only Linux tells a child of its parent's end")
def test_when_it_is_killed_everything_ends_and_it_can_start_again(
    checkout: Checkout, start: Start
) -> None:
    demo = start()
    _read_until(demo, "Ctrl-C stops it")
    family = _all(checkout)
    keys = (checkout.demo / "keys.json").read_text()
    demo.kill()
    again = start()
    _read_until(again, "Ctrl-C stops it")
    until(lambda: not [pid for pid in family if is_running(pid)])
    assert (checkout.demo / "keys.json").read_text() == keys


def test_a_failing_preparation_is_one_sentence_and_nothing_is_left(
    checkout: Checkout, start: Start
) -> None:
    said = _end(demo := start(FAIL="1", DATABASE_URL="postgresql://theirs"))
    assert demo.returncode == 1
    assert "Migrating postgresql://theirs\n" in said
    assert "The demo could not be prepared: CommandError: the demo is told to fail" in said
    assert str(checkout.logs / "demo.log") in said
    assert "Starting" not in said
    assert not (checkout.demo / "postgres").exists()


def test_a_port_in_use_is_told_before_anything_is_made(
    checkout: Checkout, port: int, start: Start
) -> None:
    with socket.create_server(("127.0.0.1", port)):
        said = _end(demo := start())
    assert demo.returncode == 1
    assert said.strip().startswith(f"Port {port} is in use by another program")
    assert [each.name for each in checkout.demo.iterdir()] == ["lock"]
