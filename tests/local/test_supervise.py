"""Programs that die are started again, and leave nothing behind when they are stopped."""

import os
import signal
import sys
import time
from collections.abc import Callable, Iterator
from pathlib import Path

import pytest

from local.service import Program
from local.supervise import Supervisor
from tests.local.waiting import is_running, pids, until

# Writes its number and its child's, and neither cares about SIGTERM in the child.
_FAMILY = """
import os, signal, subprocess, sys, time
child = "import signal, time; signal.signal(signal.SIGTERM, signal.SIG_IGN); time.sleep(60)"
print(os.getpid(), flush=True)
print(subprocess.Popen([sys.executable, "-c", child]).pid, flush=True)
time.sleep(60)
"""
_SHORT_LIVED = "import os; print(os.getpid(), flush=True)"


@pytest.fixture
def program(tmp_path: Path) -> Iterator[Callable[[str], Program]]:
    """Makes a program out of Python code; stopped afterwards."""
    made: list[Program] = []

    def make(code: str) -> Program:
        command = [sys.executable, "-c", code]
        made.append(Program("web", command, tmp_path, tmp_path / "web.log", {"MINE": "yes"}))
        return made[-1]

    yield make
    for each in made:
        each.stop()


def _look_until(supervisor: Supervisor, reached: Callable[[], object]) -> None:
    def look() -> object:
        supervisor.look()
        return reached()

    until(look)


def test_a_killed_program_and_what_it_left_are_replaced_at_once(
    program: Callable[[str], Program], capsys: pytest.CaptureFixture[str]
) -> None:
    family = program(_FAMILY)
    supervisor = Supervisor([family])
    supervisor.start()
    until(lambda: len(pids(family.log)) == 2)
    first = pids(family.log)
    os.kill(first[0], signal.SIGKILL)
    started = time.monotonic()
    _look_until(supervisor, lambda: len(pids(family.log)) == 4)
    assert time.monotonic() - started < 2
    until(lambda: not [pid for pid in first if is_running(pid)])
    assert "web died; starting it again at once" in capsys.readouterr().out
    supervisor.stop()
    until(lambda: not [pid for pid in pids(family.log) if is_running(pid)])


def test_one_that_keeps_dying_is_given_pauses(
    program: Callable[[str], Program], capsys: pytest.CaptureFixture[str]
) -> None:
    dying = program(_SHORT_LIVED)
    supervisor = Supervisor([dying])
    supervisor.start()
    said = ""

    def paused() -> bool:
        nonlocal said
        said += capsys.readouterr().out
        return "starting it again in 2 s" in said

    _look_until(supervisor, paused)
    assert len(pids(dying.log)) == 2
    ends = time.monotonic() + 1.5
    while time.monotonic() < ends:
        supervisor.look()
    assert len(pids(dying.log)) == 2
    _look_until(supervisor, lambda: len(pids(dying.log)) == 3)


def test_a_program_has_our_environment_and_its_own_and_cannot_read_the_terminal(
    program: Callable[[str], Program], monkeypatch: pytest.MonkeyPatch
) -> None:
    monkeypatch.setenv("THEIRS", "too")
    code = "import os, sys; print(os.environ['MINE'], os.environ['THEIRS'], sys.stdin.read())"
    asked = program(code)
    asked.start()
    until(lambda: not asked.alive())
    assert asked.log.read_text() == "yes too \n"


def test_a_large_log_is_begun_anew(program: Callable[[str], Program]) -> None:
    short = program(_SHORT_LIVED)
    for size, kept in ((10 * 1024 * 1024, True), (10 * 1024 * 1024 + 1, False)):
        short.log.write_bytes(b"\n" * size)
        short.start()
        until(lambda: not short.alive())
        assert (short.log.stat().st_size > size) is kept
