"""Lets a process of its own decode a picture, few at once, and ends it when it takes too long.

A fresh interpreter and no fork: a copy of a process with threads may hang on a lock that one of
them held. It starts with an empty environment, so what breaks out of a decoder finds no key there.
"""

import hashlib
import logging
import struct
import subprocess
import sys
import threading
from collections.abc import Iterator
from contextlib import contextmanager, suppress
from dataclasses import dataclass
from pathlib import Path
from typing import IO

from loyalty.base.errors import PhotoUnusable
from loyalty.photos.bounds import MOST_BYTES, PhotoReason
from loyalty.photos.child import LARGE, LENGTH, USUAL

log = logging.getLogger(__name__)
_ROOT = Path(__file__).resolve().parent.parent.parent
_COMMAND = [sys.executable, "-B", "-m", "loyalty.photos.child"]
# Starting and reading the header takes a tenth of a second, the rest at most two; a machine that
# is busy gives a picture the least of its time.
_SECONDS_TO_HEADER, _SECONDS_TO_FILES = 15.0, 30.0
_LONGEST_FILE = 2 * 1024 * 1024
# One large picture at a time, and two of the usual, which do not wait for it.
_one_large = threading.BoundedSemaphore(1)
_two_usual = threading.BoundedSemaphore(2)


@dataclass(frozen=True, slots=True)
class Photo:
    """Two WebP files of one picture, at most LARGE_SIDE and SMALL_SIDE pixels on a side."""

    large: bytes
    small: bytes

    @property
    def digest(self) -> bytes:
        """The same for the same picture."""
        return hashlib.sha256(self.large).digest()


def re_encoded(data: bytes) -> Photo:
    """The picture of a JPEG, PNG, WebP or GIF file, upright, on white, its first frame only.

    Raises PhotoUnusable with a Reason: above 5 MiB or 40 megapixels, a side above 16,000 pixels or
    twenty times the other, broken, or no picture.
    """
    if len(data) > MOST_BYTES:
        raise _unusable(PhotoReason.TOO_LARGE)
    with _child() as child:
        try:
            return _photo(child, data)
        except (OSError, ValueError, struct.error):
            # It ended in the middle: the system or the clock took it, or a decoder crashed.
            child.kill()
            log.warning("A picture ended its process (%s).", child.wait())
            raise _unusable(PhotoReason.NOT_AN_IMAGE) from None


def _photo(child: "subprocess.Popen[bytes]", data: bytes) -> Photo:
    to, back = _pipes(child)
    with _killed_after(child, _SECONDS_TO_HEADER):
        to.write(LENGTH.pack(len(data)) + data)
        to.flush()
        kind = _line(back)
    with _one_large if kind == LARGE else _two_usual, _killed_after(child, _SECONDS_TO_FILES):
        to.write(b"!")
        to.flush()
        return Photo(large=_file(back), small=_file(back))


@contextmanager
def _child() -> Iterator["subprocess.Popen[bytes]"]:
    child = subprocess.Popen(  # noqa: S603  our own module; nothing of the caller is in the command
        _COMMAND,
        cwd=_ROOT,
        env={},
        stdin=subprocess.PIPE,
        stdout=subprocess.PIPE,
        stderr=subprocess.DEVNULL,
    )
    try:
        yield child
    finally:
        child.kill()
        for pipe in _pipes(child):
            _close(pipe)
        child.wait()


@contextmanager
def _killed_after(child: "subprocess.Popen[bytes]", seconds: float) -> Iterator[None]:
    timer = threading.Timer(seconds, child.kill)
    timer.start()
    try:
        yield
    finally:
        timer.cancel()


def _pipes(child: "subprocess.Popen[bytes]") -> tuple[IO[bytes], IO[bytes]]:
    if child.stdin is None or child.stdout is None:
        raise ValueError("a process without pipes")
    return child.stdin, child.stdout


def _close(pipe: IO[bytes]) -> None:
    # What it had not taken yet stays here.
    with suppress(OSError):
        pipe.close()


def _line(back: IO[bytes]) -> bytes:
    line = back.readline(100)
    if line.startswith(b"!"):
        raise _unusable(PhotoReason(line[1:].decode().strip()))
    if line not in {USUAL, LARGE}:
        raise ValueError("no answer")
    return line


def _file(back: IO[bytes]) -> bytes:
    head = back.read(1)
    if head == b"!":
        raise _unusable(PhotoReason(back.readline(100).decode().strip()))
    (length,) = LENGTH.unpack(head + back.read(LENGTH.size - 1))
    found = back.read(min(length, _LONGEST_FILE))
    if not head or len(found) != length:
        raise ValueError("no whole file")
    return found


def _unusable(reason: PhotoReason) -> PhotoUnusable:
    return PhotoUnusable(details={"field": "photo", "reason": reason.value})
