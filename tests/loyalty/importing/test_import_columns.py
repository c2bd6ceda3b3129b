"""The header says what is what, or the owner does."""

import csv
from contextlib import suppress

import pytest

from loyalty.base.errors import InvalidInput
from loyalty.base.values import BonusModel, Mechanic, Mode, StampMode
from loyalty.importing.import_columns import DELIMITERS, ImportColumns, columns_of, delimiter_of

STAMPS = Mechanic(BonusModel.STAMP_COUNT, Mode.SIMPLE, StampMode.PER_VISIT, 10)
STEPS = Mechanic(BonusModel.AMOUNT_STEP, Mode.SIMPLE, StampMode.PER_AMOUNT, 10, step=5)
MONEY = Mechanic(BonusModel.CUMULATIVE_SPEND, Mode.SIMPLE, StampMode.PER_AMOUNT, 10)
MINIMUM = Mechanic(BonusModel.QUALIFIED_VISIT, Mode.SIMPLE, StampMode.PER_VISIT, 10, minimum=5)
PIECES = Mechanic(BonusModel.QUALIFIED_VISIT, Mode.SIMPLE, StampMode.PER_CART_QTY, 10, minimum=5)


@pytest.mark.parametrize(
    ("header", "mechanic", "found"),
    [
        ("customer,date,items,amount", MONEY, ImportColumns(0, 1, 3, None, 4, ("items",))),
        ("TOTAL,E-Mail,Timestamp", STEPS, ImportColumns(1, 2, 0, None, 3, ())),
        ("Customer_Email,Date-Time", STAMPS, ImportColumns(0, 1, None, None, 2, ())),
        ("email,time,stamps", STAMPS, ImportColumns(0, 1, None, 2, 3, ())),
        ("email,time,stamps", STEPS, ImportColumns(0, 1, None, 2, 3, ())),
        ("email,time,amount,units", STAMPS, ImportColumns(0, 1, 2, 3, 4, ())),
        ("email,time,amount,units", STEPS, ImportColumns(0, 1, 2, None, 4, ("units",))),
        ("email,time,amount,units", MINIMUM, ImportColumns(0, 1, 2, None, 4, ("units",))),
        ("email,time,amount,units", PIECES, ImportColumns(0, 1, 2, 3, 4, ())),
    ],
)
def test_names_are_known(header: str, mechanic: Mechanic, found: ImportColumns) -> None:
    assert columns_of(header.split(","), wanted={}, mechanic=mechanic) == found


def test_names_can_be_given() -> None:
    wanted = {"customer": "wer", "time": "Wann", "amount": "Brutto"}
    header = ["Wer", "wann", "Netto", "BRUTTO", "date"]
    found = columns_of(header, wanted=wanted, mechanic=MONEY)
    assert found == ImportColumns(0, 1, 3, None, 5, ("Netto", "date"))


@pytest.mark.parametrize(
    ("header", "wanted", "mechanic", "reason", "what"),
    [
        ("when,amount", {}, MONEY, "no_column", "customer"),
        ("email,amount", {}, MONEY, "no_column", "time"),
        ("email,time", {}, MONEY, "no_column", "amount"),
        ("email,time,units", {}, MONEY, "no_column", "amount"),
        ("email,time", {}, STEPS, "no_column", "amount"),
        ("email,customer,time,amount", {}, MONEY, "ambiguous", "customer"),
        ("email,date,time,amount", {}, MONEY, "ambiguous", "time"),
        ("email,time,amount", {"amount": "Brutto"}, MONEY, "no_such_column", "Brutto"),
        ("email,time,amount", {"price": "amount"}, MONEY, "unknown_field", "price"),
        ("email,time,amount", {"time": "amount"}, MONEY, "one_column_twice", ""),
    ],
)
def test_what_is_not_certain_is_refused(
    header: str, wanted: dict[str, str], mechanic: Mechanic, reason: str, what: str
) -> None:
    with pytest.raises(InvalidInput) as refused:
        columns_of(header.split(","), wanted=wanted, mechanic=mechanic)
    assert refused.value.details == {"field": "columns", "reason": reason, "what": what}


def read_by_each(header: str) -> dict[str, list[str]]:
    found = {}
    for each in DELIMITERS:
        with suppress(csv.Error):
            found[each] = next(csv.reader([header], delimiter=each, strict=True))
    return found


@pytest.mark.parametrize(
    ("header", "wanted", "delimiter"),
    [
        ("a,b,c", {}, ","),
        ("a;b;c", {}, ";"),
        ("a\tb", {}, "\t"),
        ("a|b", {}, "|"),
        ("alone", {}, ","),
        # What stands inside of quotation marks parts nothing.
        ('"a,b,c,d";"e,f"', {}, ";"),
        ('"a;b;c";x', {}, ";"),
        # The one by which it names what is needed, however often another one comes.
        ("email;date;amount, gross, in EUR, rounded", {}, ";"),
        ("who|a,b|when", {"customer": "who", "time": "when"}, "|"),
    ],
)
def test_delimiters(header: str, wanted: dict[str, str], delimiter: str) -> None:
    assert delimiter_of(read_by_each(header), wanted=wanted) == delimiter


@pytest.mark.parametrize("header", ["a,b;c", "name;a,b", "a\tb|c"])
def test_a_delimiter_that_is_not_certain_is_asked_for(header: str) -> None:
    with pytest.raises(InvalidInput) as refused:
        delimiter_of(read_by_each(header), wanted={})
    assert refused.value.details == {"field": "delimiter", "reason": "several"}
