"""What is kept of customers' points, against a count of all their visits."""

from collections.abc import Sequence

from loyalty.books.books import Wrong
from loyalty.db.roundtrip import database_now, trip
from loyalty.levels.facts import Levels, levels_ask, levels_of
from loyalty.levels.points import Kept, moment, points_ask, points_facts, recounts


def wrong_points(customers: Sequence[int]) -> dict[int, Wrong]:
    """The differences by customer, where the next visit would go by what is kept.

    Anything else it counts anew.
    """
    rows = levels_ask()
    trip(rows)
    levels = levels_of(tuple(rows.rows))
    kept = _kept(customers, levels) if levels.ladder.rungs else {}
    right = recounts(kept, levels=levels)
    what = "a customer's points that count differ from their sales"
    return {
        number: Wrong(what, number, each.activity.points, right[number].activity.points)
        for number, each in kept.items()
        if each != right[number]
    }


def _kept(customers: Sequence[int], levels: Levels) -> dict[int, Kept]:
    # All questions travel at once.
    until = moment(database_now())
    asked = {number: points_ask(number, until=until) for number in customers}
    trip(*asked.values())
    found = {number: points_facts(ask.rows) for number, ask in asked.items()}
    return {
        number: each.kept
        for number, each in found.items()
        if each is not None and each.kept is not None and each.holds(levels)
    }
