"""What is kept of a customer's points, against a count of all their visits."""

from collections.abc import Iterator

from loyalty.queries.books import Wrong
from loyalty.queries.levels import levels_ask, levels_of
from loyalty.queries.past_points import points_ask, points_facts, recounted
from loyalty.trip import trip


def wrong_points(customer_id: int) -> Iterator[Wrong]:
    """The difference, if the next visit would go by what is kept; anything else it counts anew."""
    rows, asked = levels_ask(), points_ask(customer_id)
    trip(rows, asked)
    levels, points = levels_of(tuple(rows.rows)), points_facts(asked.rows)
    kept = points.kept if points else None
    if points is None or kept is None or not points.holds(levels):
        return
    right = recounted(kept, customer_id=customer_id, levels=levels)
    if kept != right:
        found, expected = kept.activity.points, right.activity.points
        what = "a customer's points that count differ from their sales"
        yield Wrong(what, customer_id, found, expected)
