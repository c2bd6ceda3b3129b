"""The books after the run: whatever was acknowledged is there, once."""

from dataclasses import dataclass
from typing import LiteralString

import psycopg

_COLLECTS: LiteralString = """
SELECT (SELECT count(*) FROM loyalty_earnsession WHERE status = 'collected'),
       (SELECT count(*) FROM loyalty_event WHERE kind = 'collected'),
       (SELECT coalesce(sum(units), 0) FROM loyalty_ledgerentry WHERE kind = 'earn'),
       (SELECT coalesce(sum(open - debt), 0) FROM loyalty_counter)
       + (SELECT coalesce(sum(v.threshold), 0) FROM loyalty_bonus b
            JOIN loyalty_programversion v ON v.id = b.version_id WHERE b.source = 'card')
"""
_MINTS: LiteralString = "SELECT count(*) FROM loyalty_event WHERE kind = 'minted'"


@dataclass(frozen=True)
class Books:
    """Counts that have to agree; every session of the run is worth one unit."""

    collects_answered: int
    used_tokens: int
    collected_events: int
    ledger_units: int
    card_units: int
    mints_answered: int
    minted_events: int

    @property
    def agree(self) -> bool:
        """Whether nothing was lost and nothing doubled."""
        collects = (self.used_tokens, self.collected_events, self.ledger_units, self.card_units)
        return {*collects} == {self.collects_answered} and self.minted_events == self.mints_answered


def books(
    connection: psycopg.Connection[tuple[object, ...]], *, mints: int, collects: int
) -> Books:
    """The books, beside the answers that clients got."""
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
    )


def _numbers(connection: psycopg.Connection[tuple[object, ...]], query: LiteralString) -> list[int]:
    return [int(str(each)) for each in connection.execute(query).fetchone() or ()]
