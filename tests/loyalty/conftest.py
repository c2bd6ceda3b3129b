"""Actions are tried at the start of an hour: limits count in windows of time."""

from collections.abc import Callable
from datetime import timedelta

import pytest


@pytest.fixture(autouse=True)
def _whole_hour(db: None, move_clock: Callable[[timedelta], None]) -> None:
    """No window ends while the test runs."""
    del db
    move_clock(timedelta(0))
