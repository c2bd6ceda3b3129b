"""A lock that can be installed today can be installed tomorrow."""

import re
from pathlib import Path

from local.checkout import Checkout
from local.locks import check, index
from local.locks.index import Pin


def test_a_lock_without_extras_is_refused_by_the_oldest_pip_once_newer_releases_exist(
    tmp_path: Path,
) -> None:
    checkout = Checkout.here()
    whole = (checkout.root / "requirements-dev.lock").read_text(encoding="utf-8")
    lock = tmp_path / "stripped.lock"
    lock.write_text(re.sub(r"^(\S+?)\[[^\]]*\]==", r"\1==", whole, flags=re.MULTILINE))
    found = check.complaints(checkout, lock)
    assert len(found) == 1
    assert found[0].startswith("stripped.lock, oldest pip: ERROR: In --require-hashes mode")
    assert "coverage[toml]" in found[0]


def test_pins_are_read_with_extras_and_markers() -> None:
    lock = (
        "coverage[toml]==7.17.3 \\\n    --hash=sha256:aa \\\n    --hash=sha256:bb\n"
        "colorama==0.4.6 ; sys_platform == 'win32' \\\n    --hash=sha256:cc\n"
        "a2wsgi==1.10.10 --hash=sha256:dd\n"
    )
    assert Pin.all_of(lock)[:2] == [
        Pin("coverage", "[toml]", "7.17.3", ""),
        Pin("colorama", "", "0.4.6", "sys_platform == 'win32'"),
    ]


def test_each_pin_of_each_lock_is_read() -> None:
    for name in check.LOCKS:
        text = (Checkout.here().root / name).read_text(encoding="utf-8")
        assert len(Pin.all_of(text)) == len(re.findall(r"^\S.*==", text, re.MULTILINE)) > 0


def test_the_next_release_at_each_place_has_appeared(tmp_path: Path) -> None:
    lock = "pip==1.4.2 ; python_version < '4' \\\n    --hash=sha256:aa\n"
    rehearsed = index.rehearse(lock, installed=tmp_path, folder=tmp_path / "index")
    made = sorted(path.name for path in rehearsed.parent.glob("*.whl"))
    versions = ["1.4.2", "1.4.3", "1.5.0", "2.0.0"]
    assert made == [f"pip-{version}-py3-none-any.whl" for version in versions]
    assert rehearsed.read_text().startswith("pip==1.4.2 ; python_version < '4' --hash=sha256:")
