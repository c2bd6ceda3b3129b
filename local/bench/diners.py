"""Gives customers a waiting bonus each, by collects of the floor: the books stay right."""

from collections.abc import Sequence

import psycopg

from local.bench.sample import Sample
from local.bench.shop import Customer
from local.bench.stock import Stock

_COLLECT = """
SELECT floor_collect((%(first)s + %(each)s * (nth - 1) + k)::text, customer,
                     %(numbers)s + 2 * (%(each)s * (nth - 1) + k))
  FROM unnest(%(customers)s::bigint[]) WITH ORDINALITY d(customer, nth),
       generate_series(0, %(each)s - 1) k
 ORDER BY nth, k
"""


def feed(
    connection: psycopg.Connection[tuple[object, ...]],
    diners: Sequence[Customer],
    *,
    stock: Stock,
    sample: Sample,
) -> int:
    """How many sessions were collected: a whole card for each of these customers."""
    count = len(diners) * sample.threshold
    values = {
        "first": stock.sessions(count),
        "numbers": stock.numbers(2 * count),
        "each": sample.threshold,
        "customers": [customer.id for customer in diners],
    }
    connection.execute(_COLLECT, values)
    connection.execute("ANALYZE")
    return count
