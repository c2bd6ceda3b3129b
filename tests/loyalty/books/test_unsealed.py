"""The database's sum for ids is the product's own."""

from datetime import UTC, datetime, timedelta

from loyalty.base import tokens


def test_ids_lie_as_far_apart_as_their_moments() -> None:
    now = datetime(2026, 3, 1, tzinfo=UTC)
    then = tokens.ordered_id(now + timedelta(minutes=10), random=5)
    assert then - tokens.ordered_id(now, random=5) == tokens.id_distance(timedelta(minutes=10))
