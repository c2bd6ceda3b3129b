"""Locks between processes; the kernel frees them when their holder dies, however it dies."""

import contextlib
import fcntl
import os
from collections.abc import Iterator
from pathlib import Path


@contextlib.contextmanager
def waiting(file: Path) -> Iterator[None]:
    """Hold the lock; waits for anybody who has it."""
    with _opened(file) as descriptor:
        fcntl.flock(descriptor, fcntl.LOCK_EX)
        yield


@contextlib.contextmanager
def at_once(file: Path) -> Iterator[int | None]:
    """The lock's open file, or None when somebody else holds it."""
    with _opened(file) as descriptor:
        try:
            fcntl.flock(descriptor, fcntl.LOCK_EX | fcntl.LOCK_NB)
        except BlockingIOError:
            yield None
        else:
            yield descriptor


@contextlib.contextmanager
def _opened(file: Path) -> Iterator[int]:
    # Not inherited by children: a lock must not outlive the process that took it.
    descriptor = os.open(file, os.O_RDWR | os.O_CREAT, 0o600)
    try:
        yield descriptor
    finally:
        os.close(descriptor)
