"""A private Postgres starts, stops, and starts again after whatever happened to it."""

import os
import shutil
import signal
import subprocess
import sys
from pathlib import Path

import pytest

from local import postmaster
from local.checkout import Checkout
from local.errors import LocalError
from local.postgres import Server
from local.profile import Profile
from tests.local.sql import ask
from tests.local.waiting import is_running, until


def _pid(server: Server) -> int:
    running = postmaster.find(server.data)
    assert running is not None
    return running.pid


def _children(pid: int) -> list[int]:
    text = Path(f"/proc/{pid}/task/{pid}/children").read_text(encoding="ascii")
    return [int(number) for number in text.split()]


def test_what_was_written_is_there_after_a_restart(server: Server) -> None:
    server.start()
    ask(server, "CREATE TABLE stopped AS SELECT 7 AS n")
    family = [_pid(server), *_children(_pid(server))]
    server.stop()
    assert not server.alive()
    assert not [pid for pid in family if is_running(pid)]
    server.start()
    assert ask(server, "SELECT n FROM stopped") == "7"


def test_starting_twice_changes_nothing(server: Server) -> None:
    server.start()
    before = _pid(server)
    server.start()
    assert _pid(server) == before


def test_profiles_differ_in_what_they_promise(server: Server) -> None:
    settings = "SELECT string_agg(setting, ' ' ORDER BY name) FROM pg_settings WHERE name IN "
    asked = "('fsync', 'max_connections', 'max_locks_per_transaction', 'listen_addresses')"
    server.start()
    assert ask(server, settings + asked) == "off  200 256"
    server.stop()
    server.profile = Profile.DURABLE
    server.start()
    assert ask(server, settings + asked) == "on  200 256"


def test_a_killed_server_starts_again_with_what_was_committed(server: Server) -> None:
    server.profile = Profile.DURABLE
    server.start()
    ask(server, "CREATE TABLE killed AS SELECT 7 AS n")
    for _ in range(2):
        family = _children(_pid(server))
        os.kill(_pid(server), signal.SIGKILL)
        server.start()
        assert ask(server, "SELECT n FROM killed") == "7"
        assert not [pid for pid in family if is_running(pid)]


def test_a_running_server_is_taken_over_and_can_be_stopped(server: Server) -> None:
    server.start()
    second = Server.of(server.checkout, server.checkout.demo, Profile.FAST)
    assert second.alive()
    second.start()
    assert _pid(second) == _pid(server)
    assert second.url == server.url
    second.stop()
    # Its starter reaps it a moment later.
    until(lambda: not server.alive())


@pytest.mark.skipif(sys.platform != "linux", reason="only Linux tells a child of its parent's end")
def test_it_ends_when_its_starter_is_killed_and_starts_again_despite_an_open_session(
    server: Server,
) -> None:
    script = (
        "import sys, time; from pathlib import Path; from local.checkout import Checkout\n"
        "from local.postgres import Server; from local.profile import Profile\n"
        "checkout = Checkout(Path(sys.argv[1]))\n"
        "Server.of(checkout, checkout.demo, Profile.FAST).start(); print(flush=True)\n"
        "time.sleep(60)"
    )
    command = [sys.executable, "-c", script, str(server.checkout.root)]
    with subprocess.Popen(command, cwd=Checkout.here().root, stdout=subprocess.PIPE) as starter:
        assert starter.stdout is not None
        starter.stdout.readline()
        first = _pid(server)
        session = subprocess.Popen(
            [server.programs.program("psql"), "-X", server.url, "-c", "SELECT pg_sleep(60)"],
            stdout=subprocess.DEVNULL,
            stderr=subprocess.DEVNULL,
        )
        until(lambda: ask(server, "SELECT count(*) FROM pg_stat_activity WHERE query LIKE '%60)'"))
        starter.kill()
    server.start()
    assert _pid(server) != first
    session.wait(10)


def test_a_pid_file_with_somebody_elses_number_is_no_obstacle(server: Server) -> None:
    server.start()
    server.stop()
    (server.data / "postmaster.pid").write_text(f"{os.getpid()}\n{server.data}\n1\n5432\n\n\n\n")
    assert not server.alive()
    server.start()
    assert ask(server, "SELECT 1") == "1"


@pytest.mark.parametrize(
    ("file", "content"),
    [("global/pg_control", b""), ("PG_VERSION", b"9.6\n"), ("PG_VERSION", None)],
)
def test_a_broken_data_folder_is_named_and_left_alone(
    server: Server, file: str, content: bytes | None
) -> None:
    server.start()
    server.stop()
    whole = (server.data / file).rename(server.home / "whole")
    if content is not None:
        (server.data / file).write_bytes(content)
        shutil.copystat(whole, server.data / file)
    before = set(server.data.rglob("*"))
    with pytest.raises(LocalError) as problem:
        server.start()
    assert str(server.data) in str(problem.value)
    assert "move" in str(problem.value)
    assert "\n" not in str(problem.value)
    assert before <= set(server.data.rglob("*"))
    assert not server.alive()
    whole.rename(server.data / file)


def test_an_interrupted_first_start_does_not_hinder_the_next(checkout: Checkout) -> None:
    server = Server.of(checkout, checkout.demo, Profile.FAST)
    unfinished = server.data.with_name("postgres.unfinished")
    unfinished.mkdir(parents=True)
    (unfinished / "PG_VERSION").write_text("18\n")
    server.start()
    assert ask(server, "SELECT 1") == "1"
    assert not unfinished.exists()
    server.stop()


def test_any_path_will_do(checkout: Checkout) -> None:
    folder = checkout.root / ("a, 'quoted' \"and\" very long" * 8) / ("ü" * 60) / "demo"
    server = Server.of(checkout, folder, Profile.FAST)
    try:
        server.start()
        assert ask(server, "SELECT current_database()") == "plusone"
        sockets = Path(ask(server, "SHOW unix_socket_directories").strip('"'))
        assert sockets.stat().st_mode & 0o777 == 0o700
    finally:
        server.stop()
    assert not sockets.exists()
