"""Rounds go on whatever they meet, outside of any business, until they are told to stop."""

import logging
import threading
from queue import Queue

import pytest
from django.db import OperationalError
from pytest_django import Settings

from tenants import context
from tenants.jobs import rounds

seen: Queue[str | None] = Queue()
failing: Queue[Exception] = Queue()


def work() -> None:
    """Notes for which business it was called."""
    seen.put(context.current_schema())
    if not failing.empty():
        raise failing.get()


def test_a_round_that_fails_is_followed_by_the_next(
    settings: Settings, caplog: pytest.LogCaptureFixture
) -> None:
    settings.JOB_ROUNDS = {"noting": (f"{__name__}.work", 0.01)}
    for error in (LookupError("canary"), OperationalError("canary")):
        failing.put(error)
    with caplog.at_level(logging.ERROR), rounds.going_round():
        # No business is left over from anybody who started the thread.
        assert [seen.get(timeout=10) for _ in range(4)] == [None] * 4
    assert "noting" not in {thread.name for thread in threading.enumerate()}
    assert caplog.messages == [
        "The round noting failed: LookupError",
        "The round noting failed: OperationalError",
    ]
    assert "canary" not in caplog.text
