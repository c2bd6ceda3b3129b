"""What is kept of customers' points, against a count of all their visits."""

from collections.abc import Sequence

from loyalty.books.books import BookFault
from loyalty.db.roundtrip import database_now, send
from loyalty.levels.facts import Levels, levels_of, levels_query
from loyalty.levels.points import KeptPoints, moment, points_facts, points_query, recounts


def wrong_points(customers: Sequence[int]) -> dict[int, BookFault]:
    """The differences by customer, where the next visit would go by what is kept.

    Anything else it counts again.
    """
    rows = levels_query()
    send(rows)
    levels = levels_of(tuple(rows.rows))
    kept = _kept(customers, levels) if levels.level_table.levels else {}
    right = recounts(kept, levels=levels)
    what = "a customer's points that count differ from their sales"
    return {
        number: BookFault(what, number, each.activity.points, right[number].activity.points)
        for number, each in kept.items()
        if each != right[number]
    }


def _kept(customers: Sequence[int], levels: Levels) -> dict[int, KeptPoints]:
    # All questions travel at once.
    until = moment(database_now())
    asked = {number: points_query(number, until=until) for number in customers}
    send(*asked.values())
    found = {number: points_facts(query.rows) for number, query in asked.items()}
    return {
        number: each.kept
        for number, each in found.items()
        if each is not None and each.kept is not None and each.holds(levels)
    }
