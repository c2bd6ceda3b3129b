"""The books after the run: whatever was acknowledged is there, once."""

from dataclasses import dataclass
from typing import LiteralString

import psycopg
from django.db import connection as django_connection

from local.bench.shop import SCHEMA
from loyalty.books import wrong_books
from tenants import context

_COLLECTS: LiteralString = """
SELECT (SELECT count(*) FROM loyalty_earnsession WHERE status = 'collected'),
       (SELECT count(*) FROM loyalty_event WHERE kind = 'collected'),
       (SELECT coalesce(sum(units), 0) FROM loyalty_ledgerentry WHERE kind = 'earn'),
       (SELECT coalesce(sum(open - debt), 0) FROM loyalty_counter)
       + (SELECT coalesce(sum(v.threshold), 0) FROM loyalty_bonus b
            JOIN loyalty_programversion v ON v.id = b.version_id WHERE b.source = 'card')
"""
_MINTS: LiteralString = "SELECT count(*) FROM loyalty_event WHERE kind = 'minted'"
_CONFIRMS: LiteralString = """
SELECT (SELECT count(*) FROM loyalty_redemption
         WHERE status = 'confirmed' AND staff_id IS NOT NULL),
       (SELECT count(*) FROM loyalty_event WHERE kind = 'confirmed')
"""


@dataclass(frozen=True)
class Books:
    """Counts that have to agree; every session of the run is worth one unit.

    `wrong` is what the product's own check of a business's books finds.
    """

    collects_answered: int
    used_tokens: int
    collected_events: int
    ledger_units: int
    card_units: int
    mints_answered: int
    minted_events: int
    confirms_answered: int
    confirmed_redemptions: int
    confirmed_events: int
    wrong: int

    @property
    def agree(self) -> bool:
        """Whether nothing was lost and nothing doubled."""
        collects = (self.used_tokens, self.collected_events, self.ledger_units, self.card_units)
        confirms = (self.confirmed_redemptions, self.confirmed_events)
        return (
            {*collects} == {self.collects_answered}
            and self.minted_events == self.mints_answered
            and {*confirms} == {self.confirms_answered}
            and self.wrong == 0
        )


def books(
    connection: psycopg.Connection[tuple[object, ...]], *, mints: int, collects: int, confirms: int
) -> Books:
    """The books, beside the answers that clients got."""
    redemptions, confirmed = _numbers(connection, _CONFIRMS)
    with context.business(SCHEMA), django_connection.cursor() as cursor:
        # A request's five seconds are too few to read a large ledger.
        cursor.execute("SET statement_timeout = 0")
        wrong = sum(1 for _ in wrong_books())
    used, events, earned, held = _numbers(connection, _COLLECTS)
    (minted,) = _numbers(connection, _MINTS)
    return Books(
        collects_answered=collects,
        used_tokens=used,
        collected_events=events,
        ledger_units=earned,
        card_units=held,
        mints_answered=mints,
        minted_events=minted,
        confirms_answered=confirms,
        confirmed_redemptions=redemptions,
        confirmed_events=confirmed,
        wrong=wrong,
    )


def _numbers(connection: psycopg.Connection[tuple[object, ...]], query: LiteralString) -> list[int]:
    return [int(str(each)) for each in connection.execute(query).fetchone() or ()]
