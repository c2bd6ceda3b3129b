"""Open sessions for collects: copies of one that the product made, each with a token of its own."""

import psycopg

# A session's number is also its token's text: pgbench and the HTTP client can write it down.
_COPY = """
INSERT INTO loyalty_earnsession
       (id, token_salt, token_digest, location_id, staff_id, program_id, version_id, preset_id,
        quantity, amount, units, points, policy, status, created_at, expires_at)
SELECT n, s.token_salt, sha256(convert_to(n::text, 'UTF8')), s.location_id, s.staff_id,
       s.program_id, s.version_id, s.preset_id, s.quantity, s.amount, s.units, s.points, s.policy,
       'open', clock.now, clock.now + interval '1 hour'
  FROM loyalty_earnsession s, generate_series(%(first)s::bigint, %(last)s::bigint) n,
       (SELECT public.plusone_clock() AS now) clock
 WHERE s.id = %(sample)s
"""


class Stock:
    """Makes sessions and numbers that nothing else has."""

    def __init__(self, connection: psycopg.Connection[tuple[object, ...]], sample: int) -> None:
        self._connection, self._sample = connection, sample
        # Far above the product's own numbers, which grow with the time of day.
        self._next = 2**62

    def numbers(self, count: int) -> int:
        """The first of `count` fresh numbers."""
        first = self._next
        self._next += count
        return first

    def sessions(self, count: int, *, sample: int | None = None) -> int:
        """The first number of `count` fresh open sessions; the written pages are on disk.

        They are like the session `sample`, or like the usual one.
        """
        first = self.numbers(count)
        values = {"first": first, "last": first + count - 1, "sample": sample or self._sample}
        self._connection.execute(_COPY, values)
        # Otherwise the next measurement pays for writing these rows down, some more than others.
        self._connection.execute("CHECKPOINT")
        return first
