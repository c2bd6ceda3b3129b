"""A variable may be the content of a file, as container secrets are handed over."""

from pathlib import Path

import pytest
from django.core.exceptions import ImproperlyConfigured

from config import env

NAME, OF_FILE = "SOME_KEY", "SOME_KEY_FILE"


def kept(folder: Path, content: bytes) -> str:
    """A file of this content, by its path."""
    place = folder / "key"
    place.write_bytes(content)
    return str(place)


@pytest.mark.parametrize("end", [b"", b"\n", b"\r\n"])
def test_the_content_is_the_value_without_the_line_s_end(
    end: bytes, monkeypatch: pytest.MonkeyPatch, tmp_path: Path
) -> None:
    monkeypatch.setenv(OF_FILE, kept(tmp_path, "a secret of sixtéen".encode() + end))
    assert env.secret(NAME) == "a secret of sixtéen"
    assert env.is_set(NAME)


@pytest.mark.parametrize("content", [b"", b"\n", b"two\nlines and more", b"\xff\xfe of no text"])
def test_what_makes_no_sense_is_refused_without_saying_it(
    content: bytes, monkeypatch: pytest.MonkeyPatch, tmp_path: Path
) -> None:
    monkeypatch.setenv(OF_FILE, kept(tmp_path, content))
    with pytest.raises(ImproperlyConfigured, match=NAME) as caught:
        env.secret(NAME)
    assert "lines" not in str(caught.value).replace("one line", "")


@pytest.mark.parametrize("where", ["/nobody/has/this", "", "/"])
def test_a_file_that_cannot_be_read_is_named_by_its_variable(
    where: str, monkeypatch: pytest.MonkeyPatch
) -> None:
    monkeypatch.setenv(OF_FILE, where)
    with pytest.raises(ImproperlyConfigured) as caught:
        env.secret(NAME)
    assert str(caught.value) == (
        "SOME_KEY_FILE must be the path of a text file that this process may read."
    )


def test_both_are_refused(monkeypatch: pytest.MonkeyPatch, tmp_path: Path) -> None:
    monkeypatch.setenv(NAME, "a secret of sixteen")
    monkeypatch.setenv(OF_FILE, kept(tmp_path, b"another of sixteen"))
    with pytest.raises(ImproperlyConfigured, match="not both"):
        env.secret(NAME)


def test_a_port_and_a_folder_are_read_alike(
    monkeypatch: pytest.MonkeyPatch, tmp_path: Path
) -> None:
    monkeypatch.setenv("A_PORT_FILE", kept(tmp_path, b"8443\n"))
    assert env.port("A_PORT", "") == "8443"
    monkeypatch.setenv("A_FOLDER_FILE", kept(tmp_path, f"{tmp_path}\n".encode()))
    assert env.folder("A_FOLDER") == tmp_path
