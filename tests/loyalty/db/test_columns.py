"""Columns are named once, beside the values that they fill."""

from dataclasses import dataclass
from typing import NamedTuple

import pytest

from loyalty.db.columns import Columns


class Inner(NamedTuple):
    """A row within a row."""

    left: int
    right: str


@dataclass(frozen=True, slots=True)
class Outer:
    """A row with others in the middle and at the end."""

    first: int
    inner: Inner
    second: int
    third: int
    last: Inner


def test_columns_are_the_fields_in_their_order() -> None:
    columns = Columns(Inner, "t", right="coalesce(u.name, '')")
    assert columns.sql == "t.left, coalesce(u.name, '')"
    assert columns.row((1, "one")) == Inner(left=1, right="one")


def test_a_row_may_hold_rows() -> None:
    columns = Columns(
        Outer, "o", inner=Columns(Inner, "i"), third="max(o.x)", last=Columns(Inner, "l")
    )
    assert columns.sql == "o.first, i.left, i.right, o.second, max(o.x), l.left, l.right"
    found = columns.row((1, 2, "two", 3, 4, 5, "five"))
    assert found == Outer(1, Inner(2, "two"), 3, 4, Inner(5, "five"))


def test_a_row_of_one_row() -> None:
    class Only(NamedTuple):
        inner: Inner

    columns = Columns(Only, "o", inner=Columns(Inner, "i"))
    assert (columns.sql, columns.width) == ("i.left, i.right", 2)
    assert columns.row((1, "one")) == Only(Inner(1, "one"))


def test_a_row_of_another_width_is_no_row() -> None:
    with pytest.raises(TypeError):
        Columns(Inner, "t").row((1, "one", 2))


def test_nobody_tells_of_a_column_that_no_field_takes() -> None:
    with pytest.raises(ValueError, match="has no rigth"):
        Columns(Inner, "t", rigth="t.right")
