"""Passcodes that may be chosen."""

from itertools import pairwise

import pytest
from hypothesis import given
from hypothesis import strategies as st

from loyalty.base.errors import InvalidInput
from loyalty.devices.passcode import cleaned, in_latin_digits

DIGITS = st.text("0123456789", min_size=4, max_size=6)
ARABIC = str.maketrans("0123456789", "٠١٢٣٤٥٦٧٨٩")


def reason(typed: str) -> object:
    with pytest.raises(InvalidInput) as refused:
        cleaned(typed)
    assert refused.value.details["field"] == "passcode"
    return refused.value.details["reason"]


@given(DIGITS)
def test_four_to_six_digits_are_kept_unless_they_are_guessed_first(digits: str) -> None:
    steps = [int(b) - int(a) for a, b in pairwise(digits)]
    if any(set(steps) == {step} for step in (0, 1, -1)):
        assert reason(digits) == "easy"
        return
    assert cleaned(digits) == cleaned(f" {digits}\n") == digits
    assert cleaned(digits.translate(ARABIC)) == digits


@given(st.text())
def test_anything_else_is_refused_and_what_is_kept_is_latin(typed: str) -> None:
    try:
        kept = cleaned(typed)
    except InvalidInput:
        return
    assert 4 <= len(kept) <= 6
    assert set(kept) <= set("0123456789")
    assert in_latin_digits(kept) == kept


@pytest.mark.parametrize("typed", ["", "123", "1357924", "12a4", "1 357", "²³¹⁴"])
def test_what_is_no_passcode(typed: str) -> None:
    assert reason(typed) == "length"


@pytest.mark.parametrize("typed", ["0000", "1234", "3456", "987654", "٤٣٢١"])
def test_what_is_guessed_first(typed: str) -> None:
    assert reason(typed) == "easy"
