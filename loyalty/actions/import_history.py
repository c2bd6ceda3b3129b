"""Visits from another system become visits here: all of them or none, and each of them once."""

import json
from collections import Counter, defaultdict
from collections.abc import Callable, Mapping, Sequence
from dataclasses import asdict, dataclass, field
from datetime import datetime
from pathlib import Path

from django.db import connection, transaction

from loyalty.actions.enrol_many import enrol_many
from loyalty.actions.fold_visit import ORIGIN, Place, Running, fold_visit
from loyalty.actions.import_numbers import growing_ids
from loyalty.actions.import_report import Report
from loyalty.actions.import_rows import ImportRows
from loyalty.actions.import_writer import writing
from loyalty.actions.read_history import History, Line, Table, read_history
from loyalty.database_errors import once_more
from loyalty.queries.import_facts import (
    AT_ONCE,
    import_facts,
    imported_keys,
    locked_customers,
)
from loyalty.queries.import_target import Target, import_target, rules_of
from loyalty.queries.person_facts import Customer
from loyalty.rules.import_units import counted_by
from loyalty.trip import clock, trip

# Rows are written when so many visits are decided: a statement stays short, and memory flat.
_BATCH = 2_000
# An import is one statement after the other for longer than a request may take; whoever waits for
# it is a person at a terminal.
_LIMITS = (
    "SET LOCAL statement_timeout = '60s'",
    "SET LOCAL lock_timeout = '30s'",
    "SET LOCAL idle_in_transaction_session_timeout = '60s'",
    "SET CONSTRAINTS ALL IMMEDIATE",
)
Tell = Callable[[str, int, int], None]
People = list[list[tuple[int, Customer]]]


def _silent(_stage: str, _done: int, _total: int) -> None:
    pass


@dataclass(frozen=True, slots=True)
class Wanted:
    """A file, the program, what is not to be guessed; program and location by id or exact name."""

    path: Path
    program: str
    location: str | None = None
    columns: Mapping[str, str] = field(default_factory=dict)
    delimiter: str | None = None


def import_history(wanted: Wanted, *, is_trial: bool = False, tell: Tell = _silent) -> Report:
    """What was imported, or with `is_trial` would have been; nothing when there are bad lines.

    A line that was imported before is left out, so that a file may come again, or grow. `tell`
    hears the stage, and how much of how much is done, and leaves the database alone. Raises
    OSError without a file, and what `import_target` and `read_history` do.
    """
    target = import_target(wanted.program, location=wanted.location)
    now = clock()
    trip(now)
    table = Table(
        wanted.path,
        target.program_id,
        target.rules.mechanic,
        target.currency,
        target.rules.zone,
        now.only,
        wanted.columns,
        wanted.delimiter,
    )
    size = wanted.path.stat().st_size
    history = read_history(table, told=lambda done: tell("reading", min(done, size), size))
    if history.bad:
        return Report.of(history, target)
    return _write(history, target, is_trial, tell)


@once_more
def _write(history: History, target: Target, is_trial: bool, tell: Tell) -> Report:  # noqa: FBT001  ours alone
    report = Report.of(history, target)
    with transaction.atomic():
        _begin()
        lines = _new_lines(history.lines, report)
        if lines:
            now = clock()
            emails = sorted({line.email for line in lines})
            trip(now)
            parts = (emails[start : start + AT_ONCE] for start in range(0, len(emails), AT_ONCE))
            report.new_customers = sum(enrol_many(part, now=now.only) for part in parts)
            _credit(lines, history, target, report, tell)
        if is_trial:
            transaction.set_rollback(True)
    return report


def _begin() -> None:
    with connection.cursor() as cursor:
        for limit in _LIMITS:
            cursor.execute(limit)
        # One import at a time in a business: two of one file would each find the lines new.
        name = f"{connection.schema_name}:{ORIGIN}"  # type: ignore[attr-defined]  # our backend's
        cursor.execute("SELECT pg_advisory_xact_lock(hashtextextended(%s, 0))", [name])


def _new_lines(lines: Sequence[Line], report: Report) -> list[Line]:
    known = imported_keys([line.key for line in lines])
    new = [line for line in lines if line.key not in known]
    report.known_visits = len(lines) - len(new)
    days = Counter((line.email, line.day) for line in new)
    report.same_day = len(new) - len(days)
    return new


def _credit(
    lines: Sequence[Line], history: History, target: Target, report: Report, tell: Tell
) -> None:
    of_customer: defaultdict[str, list[Line]] = defaultdict(list)
    for line in lines:
        of_customer[line.email].append(line)
    # Behind it, no other transaction changes these customers, their cards or their levels.
    customers = locked_customers(sorted(of_customer))
    place = _place(history, target, customers, since=min(line.at for line in lines))
    with writing() as writer:
        rows = ImportRows(place)
        for person in _people(customers):
            visits = _in_order(person, of_customer)
            running = {number: Running.of(number, customer, place) for number, customer in person}
            for number, line in visits:
                change = fold_visit(running[number], line, place)
                rows.add(change, line)
                report.add(change, line)
            for each in running.values():
                rows.close(each)
            if len(rows.sessions) >= _BATCH:
                writer.write(rows)
                rows = ImportRows(place)
                tell("crediting", report.visits, len(lines))
        writer.write(rows)
    tell("crediting", report.visits, len(lines))


def _place(
    history: History,
    target: Target,
    customers: Mapping[str, tuple[int, Customer]],
    *,
    since: datetime,
) -> Place:
    now = clock()
    facts = import_facts(customers.values(), program_id=target.program_id, since=since)
    trip(now)
    # Behind the cards' locks: no card can have promised a version that is newer than these.
    rules = rules_of(target.program_id, location_id=target.location_id)
    columns = history.columns
    has = {"has_amounts": columns.amount is not None, "has_units": columns.units is not None}
    counted = {number: counted_by(each.mechanic, **has) for number, each in rules.items()}
    policy = {
        "version": target.version_number,
        "origin": ORIGIN,
        "points": target.rules.switches.points or None,
        **asdict(target.rules.mechanic),
        "max_units_per_scan": None,
    }
    policy_text = json.dumps({name: value for name, value in policy.items() if value is not None})
    return Place(target, rules, counted, facts, growing_ids(now.only), policy_text, now.only)


def _people(customers: Mapping[str, tuple[int, Customer]]) -> People:
    # Addresses of one mailbox together: what a person gets once goes with the earliest visit.
    found: defaultdict[tuple[bool, int], list[tuple[int, Customer]]] = defaultdict(list)
    for number, customer in customers.values():
        person = customer.person
        found[person is not None, number if person is None else person].append((number, customer))
    return list(found.values())


def _in_order(
    person: list[tuple[int, Customer]], of_customer: Mapping[str, list[Line]]
) -> list[tuple[int, Line]]:
    visits = [(number, line) for number, customer in person for line in of_customer[customer.email]]
    # Lines of one moment stay as they stand in the file.
    return sorted(visits, key=lambda each: each[1].at)
