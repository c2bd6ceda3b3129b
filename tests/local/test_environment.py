"""The environment is made once, completely, and never in a folder of somebody else's."""

import subprocess
import sys
from pathlib import Path

import pytest

from local import environment, stamp
from local.checkout import Checkout
from local.environment import DEMO
from local.errors import LocalError

_ENSURE = (
    "import sys; from pathlib import Path; from local import environment\n"
    "from local.checkout import Checkout\n"
    "environment.ensure(Checkout(Path(sys.argv[1])), environment.DEMO)"
)


@pytest.fixture
def bare(tmp_path: Path) -> Checkout:
    """A checkout with a lock that lists nothing, and no environment."""
    root = tmp_path / "a checkout with spaces"
    root.mkdir()
    (root / DEMO).write_text("# nothing\n")
    return Checkout(root)


def test_two_at_once_complete_a_half_built_one_together_and_a_third_finds_it(
    bare: Checkout, monkeypatch: pytest.MonkeyPatch
) -> None:
    rubbish = bare.venv / "lib" / "half a package"
    rubbish.mkdir(parents=True)
    command = [sys.executable, "-c", _ENSURE, str(bare.root)]
    both = [subprocess.Popen(command, stdout=subprocess.PIPE, text=True) for _ in range(2)]
    said = sorted(each.communicate()[0] for each in both)
    assert [each.returncode for each in both] == [0, 0]
    assert said[0] == ""
    assert "Installing requirements-demo.lock" in said[1]
    assert subprocess.run([bare.python, "-c", ""], check=False).returncode == 0
    assert not rubbish.exists()

    before = bare.python.lstat()
    environment.ensure(bare, DEMO)
    assert bare.python.lstat() == before

    monkeypatch.setenv("PIP_NO_INDEX", "1")
    monkeypatch.setenv("UV_OFFLINE", "1")
    wanted = f"no-such-package-of-ours==1.0 --hash=sha256:{'0' * 64}\n"
    (bare.root / DEMO).write_text(wanted)
    with pytest.raises(LocalError, match=r"no-such-package-of-ours.*install\.log"):
        environment.ensure(bare, DEMO)
    assert not stamp.satisfied(bare, DEMO)


def test_somebody_elses_environment_is_left_alone(bare: Checkout, tmp_path: Path) -> None:
    theirs = tmp_path / "theirs"
    (theirs / "bin").mkdir(parents=True)
    bare.venv.symlink_to(theirs)
    (bare.root / DEMO).unlink()
    with pytest.raises(FileNotFoundError, match=DEMO):
        environment.ensure(bare, DEMO)
    assert not bare.venv.is_symlink()
    assert list(theirs.iterdir()) == [theirs / "bin"]


@pytest.mark.parametrize("version", ["2.7", "3.10"])
def test_an_older_python_is_told_so(version: str) -> None:
    major, minor = version.split(".")
    pretend = f"import sys; sys.version_info = ({major}, {minor}, 0); import local"
    ended = subprocess.run(
        [sys.executable, "-c", pretend], check=False, capture_output=True, text=True
    )
    assert ended.returncode == 1
    assert ended.stderr.startswith(f"Plusone needs Python 3.11 or newer, this is {version};")
