"""Visits from another system become visits here: all of them or none, and each of them once."""

from collections.abc import Callable, Mapping
from dataclasses import dataclass, field
from datetime import timedelta
from pathlib import Path

from django.db import connection, transaction

from loyalty.base import exempt
from loyalty.base.errors import InvalidInput
from loyalty.books.unsealed import REACH
from loyalty.db.database_errors import retry_once
from loyalty.db.roundtrip import Query, clock, database_now, send
from loyalty.importing.import_people import ImportPeople
from loyalty.importing.import_report import ImportReport
from loyalty.importing.import_rows import writing
from loyalty.importing.import_target import ImportTarget, import_target
from loyalty.importing.import_visit import ORIGIN
from loyalty.importing.line_store import LineStore, line_store
from loyalty.importing.read_history import ImportedLines, ImportFile, read_history

# So many visits are decided while those before are written: memory stays flat.
_BATCH = 2_000
# An import is one statement after the other for longer than a request may take; anybody who waits
# for it is a person at a terminal.
_LIMITS = (
    # Citus keeps a setting from its workers unless it is told not to; plain Postgres takes both.
    "SET LOCAL citus.propagate_set_commands = 'local'",
    "SET LOCAL statement_timeout = '60s'",
    "SET LOCAL lock_timeout = '30s'",
    "SET LOCAL idle_in_transaction_session_timeout = '60s'",
    # Every row is found by its key. What the planner has heard of tables that were empty when it
    # looked, and of those that this import fills, would have it read them from end to end, for
    # each line and each foreign key again.
    "SET LOCAL enable_seqscan = off",
    "SET CONSTRAINTS ALL IMMEDIATE",
)
# Well within the time in which a seal still looks for rows that were committed late: of a longer
# import the first ones would never be sealed.
LONGEST = REACH - timedelta(minutes=2)
_ALONE = "SELECT pg_try_advisory_xact_lock(hashtextextended(%s, 0))"
Tell = Callable[[str, int, int], None]


def _silent(_stage: str, _done: int, _total: int) -> None:
    pass


@dataclass(frozen=True, slots=True)
class ImportRequest:
    """A file, the program, what is not to be guessed; program and location by id or exact name."""

    path: Path
    program: str
    location: str | None = None
    columns: Mapping[str, str] = field(default_factory=dict)
    delimiter: str | None = None


@exempt.for_operators("an operator brings a file, at a terminal")
def import_history(
    wanted: ImportRequest, *, is_trial: bool = False, tell: Tell = _silent
) -> ImportReport:
    """What was imported, or with `is_trial` would have been; nothing when there are bad lines.

    A line that was imported before is left out, so that a file may come again, or grow. `tell`
    hears the stage, and how much of how much is done, and leaves the database alone; at the stage
    "finishing" nothing can be taken back any more. Raises OSError without a file, InvalidInput
    while another import is under way, and what `import_target` and `read_history` do.
    """
    target = import_target(wanted.program, location=wanted.location)
    now = clock()
    # Before a long file is read for nothing.
    send(now, alone := _alone())
    _check(alone)
    table = ImportFile(
        wanted.path,
        target.program_id,
        target.rules.mechanic,
        target.currency,
        target.rules.zone,
        now.only,
        wanted.columns,
        wanted.delimiter,
    )
    with line_store(program_id=target.program_id) as store:
        history = read_history(
            table, store, told=lambda done, size: tell("reading", min(done, size), size)
        )
        if history.bad:
            return ImportReport.of(history, target)
        return _write(store, history, target, is_trial, tell)


@retry_once
def _write(
    store: LineStore,
    history: ImportedLines,
    target: ImportTarget,
    is_trial: bool,  # noqa: FBT001  ours alone
    tell: Tell,
) -> ImportReport:
    report = ImportReport.of(history, target)
    with transaction.atomic():
        _begin()
        _credit(store, ImportPeople(history, target, report), tell)
        if is_trial:
            transaction.set_rollback(True)
        tell("finishing", 0, 1)
    return report


def _begin() -> None:
    with connection.cursor() as cursor:
        for limit in _LIMITS:
            cursor.execute(limit)
    alone = _alone()
    send(alone)
    _check(alone)


def _alone() -> Query[bool]:
    # One import at a time in a business: two of one file would each find the lines new.
    name = f"{connection.schema_name}:{ORIGIN}"  # type: ignore[attr-defined]  # our backend's
    return Query(_ALONE, [name], row=lambda found: bool(found[0]))


def _check(alone: Query[bool]) -> None:
    if not alone.only:
        raise InvalidInput(details={"field": "business", "reason": "import_under_way"})


def _credit(store: LineStore, people: ImportPeople, tell: Tell) -> None:
    begun, done = database_now(), 0
    with writing() as writer:
        rows = None
        for chunk in store.chunks(lines=_BATCH):
            # What is known of the next people is read before the last ones are written: while the
            # database writes, the next visits are decided.
            writer.wait()
            found = people.known(chunk)
            if found and found.context.now - begun > LONGEST:
                what = f"{done:,}"
                raise InvalidInput(details={"field": "file", "reason": "too_long", "what": what})
            if rows is not None:
                writer.write(rows)
            rows = people.credited(found)
            done += sum(map(len, chunk))
            tell("crediting", done, store.count)
        if rows is not None:
            writer.write(rows)
