"""Writes what an import decided: whole tables' worth at once, through COPY."""

import json
from collections.abc import Iterator, Sequence
from concurrent.futures import Future, ThreadPoolExecutor
from contextlib import contextmanager
from dataclasses import dataclass, field
from datetime import datetime
from functools import lru_cache
from typing import Any, cast

import psycopg
from django.db import connection
from django.db.models import Model
from psycopg import sql
from psycopg.adapt import Dumper
from psycopg.copy import LibpqWriter

from loyalty.base import tokens
from loyalty.base.states import SessionStatus
from loyalty.cards.view import CardView, CollectOutcome, ProgressView
from loyalty.db.pipeline import Statement, run
from loyalty.db.roundtrip import Query, update
from loyalty.earning.credit_values import (
    SessionCredit,
    Values,
    bonus_values,
    card_values,
    event_values,
    ledger_values,
    standing_values,
)
from loyalty.importing.import_numbers import random_bytes
from loyalty.importing.import_visit import ImportContext, RunningCard
from loyalty.importing.line_store import VisitLine
from loyalty.models import Bonus, Card, Counter, Customer, EarnSession, Event, LedgerEntry

_AT_ONCE = 500
# More bytes than a batch of any table has.
_WHOLE = 2**26
_TABLES = (EarnSession, Card, Counter, Event, Bonus, LedgerEntry, Customer)
# The tables that an import writes to.
WRITTEN = [model._meta.db_table for model in _TABLES]  # noqa: SLF001  Django's documented meta API
_SALT_AND_DIGEST = tokens.SALT_BYTES + 32


@dataclass(slots=True)
class ImportRows:
    """Some visits' rows, by table."""

    context: ImportContext
    sessions: list[Values] = field(default_factory=list)
    cards: list[Values] = field(default_factory=list)
    counters: list[Values] = field(default_factory=list)
    events: list[Values] = field(default_factory=list)
    bonuses: list[Values] = field(default_factory=list)
    entries: list[Values] = field(default_factory=list)
    updates: list[Query[Any]] = field(default_factory=list)
    random: Iterator[bytes] = field(default_factory=lambda: random_bytes(_SALT_AND_DIGEST))

    def add(self, change: SessionCredit, line: VisitLine) -> None:
        """The rows of one visit."""
        event = event_values(change)
        self.sessions.append(_session(change, line, event["units"], next(self.random)))
        event["details"] = json.dumps(event["details"])
        self.events.append(event)
        self.bonuses += [bonus_values(change, raised) for raised in change.raised]
        for entry in ledger_values(change):
            entry["id"] = next(self.context.numbers)
            self.entries.append(entry)

    def close(self, running: RunningCard) -> None:
        """The rows of a card after its last visit."""
        if running.last is None:
            return
        after = card_values(running.last)
        if running.stored is None:
            self.cards.append(
                {
                    "id": running.card_id,
                    "customer_id": running.customer_id,
                    "program_id": self.context.target.program_id,
                    "created_at": self.context.now,
                    **after,
                }
            )
        else:
            self.updates.append(update(Card, running.card_id, **after))
        self._close_counters(running)
        level_status = running.customer.level_status
        if level_status != running.stood:
            self.updates.append(
                update(Customer, running.customer_id, **standing_values(level_status))
            )

    def write(self, raw: "psycopg.Connection[Any]", plans: set[str]) -> None:
        """Write all rows, in the order that foreign keys ask for; raises psycopg's errors."""
        _copy(raw, EarnSession, self.sessions)
        _copy(raw, Card, self.cards)
        _copy(raw, Counter, self.counters)
        _copy(raw, Event, self.events)
        _copy(raw, Bonus, self.bonuses)
        _copy(raw, LedgerEntry, self.entries)
        statements = [Statement(query.sql, query.params) for query in self.updates]
        for start in range(0, len(statements), _AT_ONCE):
            run(raw, plans, statements[start : start + _AT_ONCE])

    def _close_counters(self, running: RunningCard) -> None:
        known = running.stored.counters if running.stored else {}
        for tier, balance in running.state.balances.items():
            values = {"open": balance.open, "debt": balance.debt}
            if tier in known:
                self.updates.append(update(Counter, known[tier], **values))
            else:
                self.counters.append({"card_id": running.card_id, "tier_id": tier, **values})


def _session(change: SessionCredit, line: VisitLine, units: int, random: bytes) -> Values:
    session = change.session
    return {
        "id": session.id,
        # Nobody knows a token with such a digest, for it was made of none.
        "token_salt": random[: tokens.SALT_BYTES],
        "token_digest": random[tokens.SALT_BYTES :],
        "location_id": session.location_id,
        "program_id": session.program_id,
        "version_id": session.version_id,
        "quantity": session.quantity,
        "amount": session.amount,
        "units": session.units,
        # What the card promised, whatever the newest version gives: a count again starts from it.
        "points": change.counted_sale.sale.points,
        "policy": session.policy,
        "status": SessionStatus.COLLECTED.value,
        "created_at": change.at,
        "expires_at": change.at,
        "customer_id": change.customer_id,
        "collected_at": change.at,
        "outcome": json.dumps(_outcome(change, units).stored_in_brief()),
        "judged_by_id": change.card.rules.promise_id,
        "points_given": change.counted_sale.level_change.points,
        "import_key": line.key,
    }


def _outcome(change: SessionCredit, units: int) -> CollectOutcome:
    counted, only = change.counted_sale, change.counted_sale.visit_result.card.balances.get(None)
    threshold = change.card.mechanic.threshold
    return CollectOutcome(
        session_id=change.session.id,
        units=units,
        per_tier=(),
        points=counted.level_change.points,
        bonuses=tuple(raised.view for raised in change.raised),
        at=change.at,
        card=CardView(
            id=change.card_id,
            version=change.version,
            program_id=change.session.program_id,
            points=change.card.points + counted.level_change.points,
            created_at=None,
            last_visit_at=None,
            bonuses=(),
            progress=(ProgressView(None, only.open, only.debt, threshold),) if only else (),
        ),
    )


def _copy(raw: "psycopg.Connection[Any]", model: type[Model], rows: Sequence[Values]) -> None:
    if not rows:
        return
    table = model._meta.db_table  # noqa: SLF001  Django's documented meta API
    statement = sql.SQL("COPY {} ({}) FROM STDIN").format(
        sql.Identifier(table), sql.SQL(", ").join(map(sql.Identifier, rows[0]))
    )
    with raw.cursor() as cursor:
        cursor.adapters.register_dumper(datetime, _MomentText)
        # Sent while the next rows are made, waited for once: each wait gives the interpreter away.
        writer = LibpqWriter(cursor, flush_threshold=_WHOLE)
        with cursor.copy(statement, writer=writer) as copy:
            for row in rows:
                copy.write_row(tuple(row.values()))


class _MomentText(Dumper):
    """A moment as text; one visit's rows say the same one up to ten times."""

    def dump(self, obj: datetime) -> bytes:
        """As psycopg writes it."""
        return _said(obj)


@lru_cache(maxsize=10_000)
def _said(at: datetime) -> bytes:
    return str(at).encode()


class ImportWriter:
    """One batch at a time on a thread of its own: the database works while we do.

    It writes through this thread's connection, inside its transaction; nobody else may use the
    connection until the writer is done.
    """

    def __init__(self, pool: ThreadPoolExecutor) -> None:
        self._pool, self._pending = pool, cast("Future[None] | None", None)
        self._raw = cast("psycopg.Connection[Any]", connection.connection)
        self._plans: set[str] = cast("Any", connection).plans

    def write(self, rows: ImportRows) -> None:
        """Begin to write these rows, when the ones before are written."""
        self.wait()
        self._pending = self._pool.submit(rows.write, self._raw, self._plans)

    def wait(self) -> None:
        """Return when all is written; raises Django's database errors."""
        pending, self._pending = self._pending, None
        if pending is not None:
            with connection.wrap_database_errors:
                pending.result()


@contextmanager
def writing() -> Iterator[ImportWriter]:
    """A writer for a block that does not use the database itself; ends when all is written."""
    connection.ensure_connection()
    with ThreadPoolExecutor(1, thread_name_prefix="import") as pool:
        writer = ImportWriter(pool)
        yield writer
        writer.wait()
