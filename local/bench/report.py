"""What a person reads, and the same as JSON."""

import json
from collections.abc import Mapping, Sequence
from dataclasses import asdict, dataclass
from pathlib import Path

from local.bench.cell import Cell
from local.bench.goals import Goal
from local.bench.proof import Books
from local.progress import say

_COLUMNS = (
    f"{'':24}{'clients':>7}{'rate/s':>9}{'p50':>8}{'p99':>8}{'server':>8}{'Postgres':>9}"
    f"{'client':>7}{'others':>7}{'stmts':>6}"
)
_UNITS = f"{'':40}{'ms':>8}{'ms':>8}{'µs CPU':>8}{'µs CPU':>9}{'cores':>7}{'cores':>7}{'each':>6}"
HEAD = f"\n{_COLUMNS}\n{_UNITS}"


@dataclass(frozen=True)
class Row:
    """A cell, and whether it was the floor or HTTP."""

    kind: str
    cell: Cell

    @property
    def figures(self) -> dict[str, float]:
        """All of it in numbers."""
        cell = self.cell
        return {
            "clients": cell.clients,
            "done": cell.done,
            "seconds": round(cell.seconds, 3),
            "rate": round(cell.rate, 1),
            "p50_ms": round(cell.percentile(0.5), 3),
            "p99_ms": round(cell.percentile(0.99), 3),
            "server_cpu_us": round(cell.server_us, 1),
            "postgres_cpu_us": round(cell.postgres_us, 1),
            "client_cores": round(cell.client_share, 3),
            "others_cores": round(cell.others_share, 3),
            "statements": round(cell.statements_each, 2),
        }

    def show(self) -> None:
        """One line."""
        cell = self.cell
        server = f"{cell.server_us:8.0f}" if cell.server_cpu else f"{'-':>8}"
        say(
            f"{self.kind:6}{cell.name:18}{cell.clients:7}{cell.rate:9,.0f}"
            f"{cell.percentile(0.5):8.2f}{cell.percentile(0.99):8.2f}{server}"
            f"{cell.postgres_us:9.0f}{cell.client_share:7.2f}{cell.others_share:7.2f}{cell.statements_each:6.1f}"
        )


def show_goals(goals: Sequence[Goal]) -> None:
    """A line for each."""
    say(f"\n{'Ratios in this run':46}{'figure':>8}{'must':>8}{'aim':>8}")
    for goal in goals:
        sign = "≤" if goal.low else "≥"
        limits = f"{sign + ' ' + format(goal.must, 'g'):>8}{sign + ' ' + format(goal.aim, 'g'):>8}"
        say(f"{goal.name:46}{goal.figure:8.3g}{limits}   {goal.verdict}")


def show_books(books: Books) -> None:
    """The counts, and whether they agree."""
    say(
        f"\nProof: {books.collects_answered:,} collects answered"
        f" = {books.used_tokens:,} used tokens"
        f" = {books.collected_events:,} events = {books.ledger_units:,} units in the ledger"
        f" = {books.card_units:,} on cards and in bonuses;"
        f"\n       {books.mints_answered:,} mints answered = {books.minted_events:,} events;"
        f"\n       {books.confirms_answered:,} confirmations answered"
        f" = {books.confirmed_redemptions:,} redemptions = {books.confirmed_events:,} events;"
        f"\n       verify_ledger finds {books.wrong or 'nothing'} wrong."
    )
    say("The books agree." if books.agree else "THE BOOKS DO NOT AGREE.")


def write(
    file: Path,
    *,
    facts: Mapping[str, str],
    rows: Sequence[Row],
    goals: Sequence[Goal],
    books: Books,
) -> None:
    """Everything as JSON."""
    found = {
        "machine": facts,
        "cells": [{"kind": row.kind, "name": row.cell.name, **row.figures} for row in rows],
        "goals": [{**asdict(goal), "verdict": goal.verdict} for goal in goals],
        "books": {**asdict(books), "agree": books.agree},
    }
    file.write_text(json.dumps(found, indent=2) + "\n", encoding="utf-8")
