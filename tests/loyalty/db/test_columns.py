"""Columns are named once, beside the values that they fill."""

from dataclasses import dataclass
from typing import NamedTuple

import pytest

from loyalty.db.columns import column, columns


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
    named = columns(Inner, "t", right="coalesce(u.name, '')")
    assert named.sql == "t.left, coalesce(u.name, '')"
    assert named.row((1, "one")) == Inner(left=1, right="one")


def test_a_row_may_hold_rows() -> None:
    named = columns(
        Outer, "o", inner=columns(Inner, "i"), third="max(o.x)", last=columns(Inner, "l")
    )
    assert named.sql == "o.first, i.left, i.right, o.second, max(o.x), l.left, l.right"
    found = named.row((1, 2, "two", 3, 4, 5, "five"))
    assert found == Outer(1, Inner(2, "two"), 3, 4, Inner(5, "five"))


def test_a_row_of_one_row() -> None:
    class Only(NamedTuple):
        inner: Inner

    named = columns(Only, "o", inner=columns(Inner, "i"))
    assert (named.sql, named.width) == ("i.left, i.right", 2)
    assert named.row((1, "one")) == Only(Inner(1, "one"))


def test_a_row_of_another_width_is_no_row() -> None:
    with pytest.raises(TypeError):
        columns(Inner, "t").row((1, "one", 2))


def test_nobody_tells_of_a_column_that_no_field_takes() -> None:
    with pytest.raises(ValueError, match="has no rigth"):
        columns(Inner, "t", rigth="t.right")


def test_a_row_within_a_row_of_another_width_is_none() -> None:
    class Only(NamedTuple):
        inner: Inner

    with pytest.raises(TypeError, match="3 columns were found, 2 are named"):
        columns(Only, "o", inner=columns(Inner, "i")).row((1, "one", 2))


def test_a_join_that_found_nothing_is_none() -> None:
    named = columns(Outer, "o", inner=columns(Inner, "i").or_none(), last=columns(Inner, "l"))
    assert named.row((1, None, None, 3, 4, 5, "five")).inner is None
    assert named.row((1, 2, "two", 3, 4, 5, "five")).inner == Inner(2, "two")


def test_something_is_made_of_columns() -> None:
    pair = columns(Inner, "i", right=column("i.right::text", str.upper)).then(list)
    assert pair.sql == "i.left, i.right::text"
    assert pair.row((1, "one")) == [1, "ONE"]
