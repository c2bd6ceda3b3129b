"""What an import says to the person at the terminal, in English: commands have no languages."""

from collections.abc import Iterator, Sequence

from django.db import Error

from loyalty.base.errors import (
    InvalidInput,
    NotAtThisLocation,
    NotFound,
    ProgramNotRunning,
    Refused,
)
from loyalty.base.money import largest_sale
from loyalty.base.money import shown as money
from loyalty.counting import MOST_CARDS
from loyalty.db.database_errors import DEADLOCK, LOCK_TIMEOUT, sqlstate
from loyalty.importing import BadLine, ImportReport, LineReason

INTERRUPTED = "Interrupted: nothing was imported."
DRY_RUN = "A dry run: nothing was written."
# Longer cells are cut: what is wrong with them shows at their beginning.
_LONGEST_CELL = 60
_LONGEST_LIST = 300
_MOST_NAMED = 8
_REASONS = {
    LineReason.FIELDS: "it has {cell} fields, not as many as the header",
    LineReason.QUOTES: "its quotation marks do not match",
    LineReason.TOO_LONG: "a cell has more than 131,072 characters:"
    " a quotation mark may never close",
    LineReason.LETTERS: "the letters of {cell} cannot be read: save the file as UTF-8",
    LineReason.CUSTOMER: "{cell} is no e-mail address",
    LineReason.TIME: "{cell} is no date or time like 2024-05-31 or 2024-05-31T14:30",
    LineReason.NO_DAY: "{cell} is a week or a day of the year: write the date like 2024-05-31",
    LineReason.TOO_EARLY: "{cell} is before 1970",
    LineReason.FUTURE: "{cell} is still to come",
    LineReason.MISSING: "the cell is empty, and is needed",
    LineReason.NOT_A_NUMBER: "{cell} is no number",
    LineReason.NEGATIVE: "{cell} is negative",
    LineReason.TOO_LARGE: "{cell} is too large",
    LineReason.TOO_MUCH: "{cell} is too large: one sale is at most {largest}",
    LineReason.TOO_MANY_DECIMALS: "{cell} has more decimals than the currency",
    LineReason.THOUSANDS: "{cell} may have a separator of thousands: write it without",
    LineReason.TOO_MANY_CARDS: f"{{cell}} would fill more than {MOST_CARDS} cards at once",
}
_AS_CSV = "save the table as CSV, in UTF-8"
_REFUSALS = {
    ("file", "workbook"): f"The file is a workbook or an archive, not a CSV: {_AS_CSV}.",
    ("file", "packed"): "The file is packed: unpack it, and import what is in it.",
    ("file", "document"): f"The file is a document, not a table: {_AS_CSV}.",
    ("file", "picture"): "The file is a picture, not a table.",
    ("file", "database"): f"The file is a database, not a CSV: {_AS_CSV}.",
    ("file", "markup"): f"The file is a page of HTML or XML, not a CSV: {_AS_CSV}.",
    ("file", "json"): f"The file is JSON, not a CSV: {_AS_CSV}.",
    ("file", "wide"): "The file is in UTF-16 or UTF-32, and has no mark that we can read it by:"
    f" {_AS_CSV}.",
    ("file", "binary"): f"The file is no text: {_AS_CSV}.",
    ("file", "long_line"): "Line {what} has more than a million characters: this is no table with"
    " a line for each visit.",
    (
        "file",
        "too_long",
    ): "This file takes longer than an import may: {what} lines took eight minutes."
    " Split it, and import its parts one after the other; nothing was imported.",
    ("business", "import_under_way"): "Another import into this business is under way: start this"
    " one again when it has ended.",
    ("columns", "header_quotes"): "The quotation marks in the header do not match.",
    ("columns", "header_too_long"): "A name in the header has more than 131,072 characters: a"
    " quotation mark may never close.",
    ("columns", "letters"): "The header has letters that cannot be read, and names no column that"
    f" is needed: {_AS_CSV}.",
    ("delimiter", "several"): "Several signs may be the delimiter: choose with --delimiter.",
    ("delimiter", "declared"): "The first line names the delimiter, not the columns: remove it,"
    " and give the sign with --delimiter.",
    ("columns", "no_header"): "The file has no header that names its columns.",
    ("columns", "unknown_field"): "--columns knows customer, time, amount and units, not {what}.",
    ("columns", "no_column"): "No column is the {what}: name it with --columns {what}=NAME.",
    ("columns", "ambiguous"): "Several columns may be the {what}: choose with --columns"
    " {what}=NAME.",
    ("columns", "no_such_column"): "There is no column {what}.",
    ("columns", "one_column_twice"): "One column cannot be two things.",
    ("delimiter", "unknown"): "The delimiter is one of , ; | and tab.",
    ("program", "ambiguous"): "Several programs have this name: give the id.",
    ("program", "matched"): "This program counts each tier by itself, and no line says which"
    " product was sold: such a history cannot be imported.",
    ("location", "several"): "Several locations may be meant: {what}. Choose one"
    " with --location, by its number or name.",
    ("location", "none"): "The program runs at no location.",
}
_STATES = {
    LOCK_TIMEOUT: "somebody else is at work on a customer of this file. Start it again.",
    DEADLOCK: "somebody else is at work on a customer of this file. Start it again.",
    "57014": "a statement took longer than a minute. Start it again when less is going on.",
    "53": "the database has no room left: on its disk, in its memory, or for connections.",
    "57": "the database is shutting down, or starting. Start it again when it is there.",
    "08": "the connection to the database broke. Start it again when it is there.",
}


def bad_line(bad: BadLine, *, currency: str) -> str:
    """One line, its wrong column, and why a program with this currency cannot take it."""
    cell = bad.text if bad.reason is LineReason.FIELDS else _quoted(bad.text)
    largest = money(largest_sale(currency), currency=currency)
    place = (
        f"line {bad.number}, column {_quoted(bad.column)}" if bad.column else f"line {bad.number}"
    )
    return f"{place}: {_REASONS[bad.reason].format(cell=cell, largest=largest)}"


def refusal(error: Refused) -> str:
    """Why the import did not even begin."""
    what = str(error.details.get("field", ""))
    if isinstance(error, InvalidInput):
        sentence = _REFUSALS[what, str(error.details["reason"])]
        return sentence.format(what=_cut(str(error.details.get("what", "")), _LONGEST_LIST))
    if isinstance(error, NotFound):
        return f"There is no such {what}."
    if isinstance(error, NotAtThisLocation):
        return "The program does not run at this location."
    if isinstance(error, ProgramNotRunning):
        return "The program is a draft or archived."
    raise error


def database_error(error: Error) -> str:
    """What became of an import that the database ended."""
    state = sqlstate(error)
    why = _STATES.get(state) or _STATES.get(state[:2]) or _first_line(error)
    return f"Nothing was imported: {why}"


def _first_line(error: Error) -> str:
    lines = str(error).splitlines()
    return f"the database says {_quoted(lines[0] if lines else type(error).__name__)}."


def wrong_lines(found: ImportReport) -> str:
    """How many lines cannot be taken."""
    return f"{found.wrong:,} of {found.lines:,} lines are wrong; nothing was imported."


def more_wrong_lines(count: int) -> str:
    """How many of them are not shown."""
    return f"… and {count:,} more"


def unreadable_file(error: OSError) -> str:
    """Why the file was not even opened."""
    return f"The file cannot be read: {error.strerror}."


def report(found: ImportReport, *, seconds: float) -> Iterator[str]:
    """The figures, a line each."""
    rows = _rows(found)
    rows["Time"] = f"{seconds:.1f} s, {found.lines / max(seconds, 0.001):,.0f} lines a second"
    width = max(map(len, rows))
    for name, text in rows.items():
        yield f"{name:<{width}}  {text}"


def _rows(found: ImportReport) -> dict[str, str]:
    unused = _some(found.ignored)
    units = (
        money(found.units, currency=found.currency) if found.counts_money else f"{found.units:,}"
    )
    return {
        "Program": f"{found.program}, at {found.location}",
        "Lines": f"{found.lines:,}",
        "Columns": f"all used but {unused}" if unused else "all used",
        "Customers": f"{found.customers:,} in the file, {found.new_customers:,} of them new",
        "Visits": f"{found.visits:,} new, {found.known_visits:,} imported before;"
        " all that follows is of the new ones",
        "Period": f"{found.first} to {found.last}" if found.first else "none",
        "Spend": money(found.spend, currency=found.currency),
        "Units": units,
        "Cards filled": f"{found.cards:,}",
        "Bonuses": _bonuses(found),
        "Without units": _without_units(found),
        "Same day": _same_day(found),
    }


def _some(names: Sequence[str]) -> str:
    # A table may have thousands of columns.
    more = len(names) - _MOST_NAMED
    named = ", ".join(map(_quoted, names[:_MOST_NAMED]))
    return f"{named} and {more:,} more" if more > 0 else named


def _quoted(text: str) -> str:
    return repr(_cut(text, _LONGEST_CELL))


def _cut(text: str, most: int) -> str:
    return text if len(text) <= most else f"{text[:most]}…"


def _bonuses(found: ImportReport) -> str:
    if not found.bonuses:
        return "none"
    earned = found.bonuses.total()
    sources = ", ".join(f"{number:,} {source}" for source, number in sorted(found.bonuses.items()))
    waiting = f"{earned - found.over:,} waiting on the cards, {found.over:,} over already"
    return f"{earned:,} earned ({sources}): {waiting}"


def _without_units(found: ImportReport) -> str:
    if not found.without_units:
        return "none"
    small = found.without_units - found.zero_amounts
    why = f"{found.zero_amounts:,} with a zero amount, {small:,} with too little"
    return f"{found.without_units:,} ({why}): each is a visit all the same"


def _same_day(found: ImportReport) -> str:
    if not found.same_day:
        return "none"
    return f"{found.same_day:,} after a customer's first on it: each counts, a streak grows once"
