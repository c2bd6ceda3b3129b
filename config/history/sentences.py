"""What an import says to the person at the terminal."""

from collections.abc import Iterator

from loyalty.actions.import_report import Report
from loyalty.actions.read_history import BadLine
from loyalty.errors import (
    InvalidInput,
    NotAtThisLocation,
    NotFound,
    ProgramNotRunning,
    Refused,
)
from loyalty.money import largest_sale, shown
from loyalty.rules.import_values import Reason
from loyalty.rules.sale_size import MOST_CARDS

# Longer cells are cut: what is wrong with them shows at their beginning.
_LONGEST_CELL = 60
_REASONS = {
    Reason.FIELDS: "it has {cell} fields, not as many as the header",
    Reason.QUOTES: "its quotation marks do not match",
    Reason.CUSTOMER: "{cell} is no e-mail address",
    Reason.TIME: "{cell} is no date or time like 2024-05-31 or 2024-05-31T14:30",
    Reason.TOO_EARLY: "{cell} is before 1970",
    Reason.FUTURE: "{cell} is still to come",
    Reason.MISSING: "the cell is empty, and is needed",
    Reason.NOT_A_NUMBER: "{cell} is no number",
    Reason.NEGATIVE: "{cell} is negative",
    Reason.TOO_LARGE: "{cell} is too large",
    Reason.TOO_MUCH: "{cell} is too large: one sale is at most {largest}",
    Reason.TOO_MANY_DECIMALS: "{cell} has more decimals than the currency",
    Reason.THOUSANDS: "{cell} may have a separator of thousands: write it without",
    Reason.TOO_MANY_CARDS: f"{{cell}} would fill more than {MOST_CARDS} cards at once",
}
_REFUSALS = {
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


def bad_line(bad: BadLine, *, currency: str) -> str:
    """One line, its wrong column, and why a program with this currency cannot take it."""
    text = bad.text if len(bad.text) <= _LONGEST_CELL else f"{bad.text[:_LONGEST_CELL]}…"
    cell = bad.text if bad.reason is Reason.FIELDS else repr(text)
    largest = shown(largest_sale(currency), currency=currency)
    place = f"line {bad.number}, column {bad.column!r}" if bad.column else f"line {bad.number}"
    return f"{place}: {_REASONS[bad.reason].format(cell=cell, largest=largest)}"


def refusal(error: Refused) -> str:
    """Why the import did not even begin."""
    what = str(error.details.get("field", ""))
    if isinstance(error, InvalidInput):
        sentence = _REFUSALS[what, str(error.details["reason"])]
        return sentence.format(what=error.details.get("what", ""))
    if isinstance(error, NotFound):
        return f"There is no such {what}."
    if isinstance(error, NotAtThisLocation):
        return "The program does not run at this location."
    if isinstance(error, ProgramNotRunning):
        return "The program is a draft or archived."
    raise error


def report(found: Report, *, seconds: float) -> Iterator[str]:
    """The figures, a line each."""
    rows = _rows(found)
    rows["Time"] = f"{seconds:.1f} s, {found.lines / max(seconds, 0.001):,.0f} lines a second"
    width = max(map(len, rows))
    for name, text in rows.items():
        yield f"{name:<{width}}  {text}"


def _rows(found: Report) -> dict[str, str]:
    unused = ", ".join(map(repr, found.ignored))
    units = (
        shown(found.units, currency=found.currency) if found.counts_money else f"{found.units:,}"
    )
    return {
        "Program": f"{found.program}, at {found.location}",
        "Lines": f"{found.lines:,}",
        "Columns": f"all used but {unused}" if unused else "all used",
        "Customers": f"{found.customers:,} in the file, {found.new_customers:,} of them new",
        "Visits": f"{found.visits:,} new, {found.known_visits:,} imported before;"
        " all that follows is of the new ones",
        "Period": f"{found.first} to {found.last}" if found.first else "none",
        "Spend": shown(found.spend, currency=found.currency),
        "Units": units,
        "Cards filled": f"{found.cards:,}",
        "Bonuses": _bonuses(found),
        "Without units": _without_units(found),
        "Same day": _same_day(found),
    }


def _bonuses(found: Report) -> str:
    if not found.bonuses:
        return "none"
    earned = found.bonuses.total()
    sources = ", ".join(f"{number:,} {source}" for source, number in sorted(found.bonuses.items()))
    waiting = f"{earned - found.over:,} waiting on the cards, {found.over:,} over already"
    return f"{earned:,} earned ({sources}): {waiting}"


def _without_units(found: Report) -> str:
    if not found.without_units:
        return "none"
    small = found.without_units - found.zero_amounts
    why = f"{found.zero_amounts:,} with a zero amount, {small:,} with too little"
    return f"{found.without_units:,} ({why}): each is a visit all the same"


def _same_day(found: Report) -> str:
    if not found.same_day:
        return "none"
    return f"{found.same_day:,} after a customer's first on it: each counts, a streak grows once"
