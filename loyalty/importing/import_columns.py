"""Which column of another system's table is what."""

from collections.abc import Mapping, Sequence
from dataclasses import dataclass

from loyalty.base.errors import InvalidInput
from loyalty.base.values import BonusModel, Mechanic, StampMode

DELIMITERS = ",;\t|"
# What stands in a text for letters that its encoding does not have.
UNREADABLE = "\ufffd"
# In small letters, with blanks for _ and -.
_KNOWN = {
    "customer": {"customer", "email", "e mail", "mail", "email address", "e mail address"}
    | {"customer email", "customer e mail"},
    "time": {"time", "date", "datetime", "date time", "timestamp", "day"},
    "amount": {"amount", "total", "spend", "sum", "total amount", "amount spent"},
    "units": {"units", "stamps", "stamp count"},
}


@dataclass(frozen=True, slots=True)
class ImportColumns:
    """The places of the columns in a row of `width`; `ignored` are the names of the others."""

    customer: int
    time: int
    amount: int | None
    units: int | None
    width: int
    ignored: tuple[str, ...]


def delimiter_of(headers: Mapping[str, Sequence[str]], *, wanted: Mapping[str, str]) -> str:
    """What separates the cells, of the first line as each delimiter reads it.

    That is the only one by which it names a customer and a time, or which it has at all outside
    of quotation marks; a comma when there is but one name. Raises InvalidInput where it may be
    several.
    """
    naming = [each for each, header in headers.items() if _names_both(header, wanted)]
    parting = [each for each, header in headers.items() if len(header) > 1]
    found = naming or parting or [DELIMITERS[0]]
    if len(found) > 1:
        raise InvalidInput(details={"field": "delimiter", "reason": "several"})
    return found[0]


def _names_both(header: Sequence[str], wanted: Mapping[str, str]) -> bool:
    names = {_plain(each) for each in header}
    return all(names & _called(field, wanted.get(field)) for field in ("customer", "time"))


def columns_of(
    header: Sequence[str], *, wanted: Mapping[str, str], mechanic: Mechanic
) -> ImportColumns:
    """The columns; `wanted` are names for those that are not to be guessed.

    Raises InvalidInput with the reason: missing, ambiguous, unknown, or an amount that a program
    which counts money cannot do without.
    """
    try:
        return _columns(header, wanted, mechanic)
    except InvalidInput:
        if any(UNREADABLE in name for name in header):
            raise _wrong("letters", "") from None
        raise


def _columns(header: Sequence[str], wanted: Mapping[str, str], mechanic: Mechanic) -> ImportColumns:
    names = [_plain(each) for each in header]
    places = {field: _place(field, names, wanted.get(field)) for field in _KNOWN}
    if unknown := set(wanted) - set(_KNOWN):
        raise _wrong("unknown_field", min(unknown))
    for field in ("customer", "time"):
        if places[field] is None:
            raise _wrong("no_column", field)
    amount, units = _used(places["amount"], places["units"], mechanic)
    used = (places["customer"], places["time"], amount, units)
    if len({each for each in used if each is not None}) < sum(each is not None for each in used):
        raise _wrong("one_column_twice", "")
    ignored = tuple(name.strip() for place, name in enumerate(header) if place not in used)
    return ImportColumns(
        places["customer"] or 0, places["time"] or 0, amount, units, len(header), ignored
    )


def _used(
    amount: int | None, units: int | None, mechanic: Mechanic
) -> tuple[int | None, int | None]:
    if amount is None and mechanic.bonus_model is BonusModel.CUMULATIVE_SPEND:
        raise _wrong("no_column", "amount")
    if mechanic.bonus_model is BonusModel.STAMP_COUNT:
        return amount, units
    if amount is None and units is None:
        raise _wrong("no_column", "amount")
    # The amounts decide; a count matters besides only where the program counts pieces.
    is_counted = mechanic.stamp_mode in {StampMode.PER_CART_QTY, StampMode.PER_LINE_ITEM}
    return amount, units if amount is None or is_counted else None


def _place(field: str, names: Sequence[str], wanted: str | None) -> int | None:
    known = _called(field, wanted)
    found = [place for place, name in enumerate(names) if name in known]
    if len(found) > 1:
        raise _wrong("ambiguous", field)
    if wanted is not None and not found:
        raise _wrong("no_such_column", wanted)
    return found[0] if found else None


def _called(field: str, wanted: str | None) -> set[str]:
    return _KNOWN[field] if wanted is None else {_plain(wanted)}


def _plain(name: str) -> str:
    return " ".join(name.casefold().replace("_", " ").replace("-", " ").split())


def _wrong(reason: str, what: str) -> InvalidInput:
    return InvalidInput(details={"field": "columns", "reason": reason, "what": what})
