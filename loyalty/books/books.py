"""The books of one business: each check is a query that finds nothing while they are right."""

from collections.abc import Iterator
from typing import LiteralString, NamedTuple

from django.db import connection

from loyalty.base import exempt

AT_MOST = 20
# Whole tables meet: `whole_books` sees to it that no join of them is tried row by row after a large
# import, of which the planner knows nothing yet.
CHECKS: dict[str, LiteralString] = {
    "a counter is not the sum of its entries": """
        SELECT card_id, sum(ledger), sum(counter) FROM (
          SELECT card_id, tier_id, units AS ledger, 0 AS counter FROM loyalty_ledgerentry
          UNION ALL SELECT card_id, tier_id, 0, open - debt FROM loyalty_counter) b
        GROUP BY card_id, tier_id HAVING sum(ledger) <> sum(counter)""",
    "a session was collected without one event": """
        SELECT s.id, count(e.id), 1 FROM loyalty_earnsession s
          LEFT JOIN loyalty_event e ON e.session_id = s.id AND e.kind = 'collected'
         WHERE s.status = 'collected' GROUP BY s.id HAVING count(e.id) <> 1""",
    "an event has no collected session": """
        SELECT e.session_id, 1, 0 FROM loyalty_event e
          LEFT JOIN loyalty_earnsession s ON s.id = e.session_id
         WHERE e.kind = 'collected' AND s.status IS DISTINCT FROM 'collected'
           AND s.status IS DISTINCT FROM 'voided'""",
    "an event's units are not those of its entries": """
        SELECT max(session_id), sum(event), sum(entries) FROM (
          SELECT id AS event_id, session_id, units AS event, 0 AS entries
            FROM loyalty_event WHERE kind = 'collected'
          UNION ALL SELECT event_id, session_id, 0, units
            FROM loyalty_ledgerentry WHERE kind = 'earn') b
        GROUP BY event_id HAVING sum(event) <> sum(entries)""",
    "a change of a card lacks an entry": """
        SELECT card_id, max(line), count(*) FROM loyalty_ledgerentry
         GROUP BY card_id, card_version HAVING max(line) <> count(*)""",
    "a bonus was used without one confirmed redemption": """
        SELECT b.id, count(r.id), 1 FROM loyalty_bonus b
          LEFT JOIN loyalty_redemption r ON r.bonus_id = b.id AND r.status = 'confirmed'
         WHERE b.status = 'used' GROUP BY b.id HAVING count(r.id) <> 1""",
    "a redemption was confirmed and its bonus not used": """
        SELECT r.id, 1, 0 FROM loyalty_redemption r JOIN loyalty_bonus b ON b.id = r.bonus_id
         WHERE r.status = 'confirmed' AND b.status <> 'used'""",
    "a card keeps another program's promise": """
        SELECT c.id, c.program_id, v.program_id FROM loyalty_card c
          JOIN loyalty_programversion v ON v.id = c.promise_id
         WHERE v.program_id <> c.program_id""",
}


class BookFault(NamedTuple):
    """What is wrong, the number of the row that shows it, and the two figures that differ."""

    what: str
    number: int
    found: int
    expected: int


@exempt.for_operators("verify_ledger and tests ask")
def wrong_books() -> Iterator[BookFault]:
    """Everything that is wrong with the active business's books, at most 20 rows a check."""
    # Not by trip(), which takes a database for dead that is silent for half a minute: a large
    # ledger takes longer.
    for what, sql in CHECKS.items():
        with connection.cursor() as cursor:
            cursor.execute(f"{sql} LIMIT {AT_MOST}")
            rows = cursor.fetchall()
        for number, found, expected in rows:
            yield BookFault(what, number, int(found), int(expected))
