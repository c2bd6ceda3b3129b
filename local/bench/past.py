"""Visits of long ago, by the thousand: rows like those of collects, made by the database."""

from collections.abc import Sequence

import psycopg

from local.bench.sample import Sample
from local.bench.shop import SCHEMA, Customer
from local.bench.stock import Stock
from loyalty.counting import Activity, level_index_reached
from loyalty.db.roundtrip import send
from loyalty.levels import KeptPoints, levels_of, levels_query, recounts, stored_of
from loyalty.models import Card
from loyalty.models import Customer as StoredCustomer
from tenants import context

# Visit k of each customer, over the last 300 days; a card has its customer's number.
_VISITS = """
CREATE TEMP TABLE past AS
SELECT %(first)s::bigint + %(each)s * (nth - 1) + k - 1 AS id,
       %(numbers)s::bigint + 2 * (%(each)s * (nth - 1) + k - 1) AS line,
       c.id AS card, c.promise_id AS version, c.version + k AS card_version, v.product_id,
       (n.open + k) %% v.threshold = 0 AS is_full, v.threshold,
       public.plusone_clock()
       - make_interval(secs => 300 * 86400.0 * (%(each)s - k + 1) / %(each)s) AS at
  FROM unnest(%(customers)s::bigint[]) WITH ORDINALITY d(customer, nth)
  JOIN loyalty_card c ON c.id = customer
  JOIN loyalty_programversion v ON v.id = c.promise_id
  JOIN loyalty_counter n ON n.card_id = c.id AND n.tier_id IS NULL,
       generate_series(1, %(each)s) k
"""
_ROWS = (
    """
INSERT INTO loyalty_earnsession
       (id, token_salt, token_digest, location_id, staff_id, program_id, version_id, preset_id,
        units, points, points_given, policy, status, created_at, expires_at, customer_id,
        collected_at, outcome, judged_by_id)
SELECT p.id, s.token_salt, sha256(convert_to(p.id::text, 'UTF8')), s.location_id, s.staff_id,
       s.program_id, p.version, s.preset_id, 1, s.points, s.points, s.policy, 'collected', p.at,
       p.at, p.card, p.at, s.outcome, p.version
  FROM past p, loyalty_earnsession s WHERE s.id = %(sample)s ORDER BY p.at
""",
    """
INSERT INTO loyalty_event
       (id, kind, at, location_id, staff_id, preset_id, session_id, card_id, card_version,
        version_id, units, points, policy, details, customer_id)
SELECT p.id, 'collected', p.at, s.location_id, s.staff_id, s.preset_id, p.id, p.card,
       p.card_version, p.version, 1, s.points, s.policy, '{"bonuses": []}', p.card
  FROM past p, loyalty_earnsession s WHERE s.id = %(sample)s ORDER BY p.at
""",
    """
INSERT INTO loyalty_ledgerentry
       (id, card_id, card_version, line, kind, units, version_id, session_id, event_id,
        occurred_at, recorded_at, origin)
SELECT p.line + e.line - 1, p.card, p.card_version, e.line, e.kind, e.units, p.version, p.id, p.id,
       p.at, p.at, ''
  FROM past p, LATERAL (VALUES (1, 'earn', 1), (2, 'complete', -p.threshold)) e(line, kind, units)
 WHERE e.line = 1 OR p.is_full ORDER BY p.at
""",
    """
INSERT INTO loyalty_bonus
       (id, card_id, version_id, session_id, source, status, title, product_id, earned_at)
SELECT id, card, version, id, 'card', 'expired', 'Free coffee', product_id, at
  FROM past WHERE is_full ORDER BY at
""",
    """
UPDATE loyalty_card c
   SET version = version + %(each)s, visits = visits + %(each)s,
       points = points + %(each)s * (SELECT points FROM loyalty_earnsession WHERE id = %(sample)s),
       last_visit_at = greatest(last_visit_at, (SELECT max(at) FROM past WHERE card = c.id))
 WHERE id = ANY(%(customers)s)
""",
    """
UPDATE loyalty_counter n SET open = (open + %(each)s) %% v.threshold
  FROM loyalty_card c JOIN loyalty_programversion v ON v.id = c.promise_id
 WHERE c.id = n.card_id AND c.id = ANY(%(customers)s)
""",
)


def come(
    connection: psycopg.Connection[tuple[object, ...]],
    customers: Sequence[Customer],
    *,
    each: int,
    stock: Stock,
    sample: Sample,
) -> int:
    """How many visits were added: `each` so many for each of these customers."""
    count = each * len(customers)
    values = {
        "first": stock.numbers(count),
        "numbers": stock.numbers(2 * count),
        "each": each,
        "sample": sample.session,
        "customers": [customer.id for customer in customers],
    }
    with connection.transaction():
        # Rows that refer to each other by how they are made: nothing is looked up a million times.
        connection.execute("SET LOCAL session_replication_role = replica")
        connection.execute(_VISITS, values)
        connection.execute("ANALYZE past")
        connection.execute("CREATE INDEX ON past (card, at)")
        for rows in _ROWS:
            connection.execute(rows, values)
        connection.execute("DROP TABLE past")
    connection.execute("VACUUM ANALYZE")
    _keep_points_and_levels(customers)
    return count


def ledger_rows(connection: psycopg.Connection[tuple[object, ...]]) -> int:
    """How many rows the ledger has."""
    found = connection.execute("SELECT count(*) FROM loyalty_ledgerentry").fetchone()
    return int(str(found[0])) if found else 0


def _keep_points_and_levels(customers: Sequence[Customer]) -> None:
    # As collects of these visits would have left it.
    with context.business(SCHEMA):
        rows = levels_query()
        send(rows)
        levels = levels_of(tuple(rows.rows))
        for card in Card.objects.filter(pk__in=[each.id for each in customers]):
            bare = KeptPoints(Activity(card.last_visit_at), card.visits, levels.numbers)
            kept = recounts({card.pk: bare}, levels=levels)[card.pk]
            Card.objects.filter(pk=card.pk).update(activity=stored_of(kept))
            level_index = level_index_reached(kept.activity, levels.level_table)
            StoredCustomer.objects.filter(pk=card.pk).update(level_rung=level_index)
