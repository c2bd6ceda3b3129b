"""What has limits in windows of time is tried at the start of an hour."""

from datetime import timedelta

import pytest

# They have neither a database nor a clock.
PURE = {"base", "counting", "switches", "photos"}


@pytest.fixture(autouse=True)
def _whole_hour(request: pytest.FixtureRequest) -> None:
    """No window ends while the test runs; tests with a database of their own see to it."""
    if request.path.parent.name in PURE or "own_database" in request.fixturenames:
        return
    request.getfixturevalue("db")
    request.getfixturevalue("move_clock")(timedelta(0))
