"""Names of devices."""

import pytest
from hypothesis import given
from hypothesis import strategies as st

from loyalty.errors import InvalidInput
from loyalty.rules.device_name import LONGEST, cleaned


@given(st.text(max_size=80))
def test_one_printable_line(typed: str) -> None:
    try:
        name = cleaned(typed)
    except InvalidInput:
        return
    assert name.isprintable()
    assert 0 < len(name) <= LONGEST
    assert cleaned(name) == name == " ".join(name.split())


@pytest.mark.parametrize("typed", ["", " \n", "x" * 61, "a\0b", "a\u202eb"])
def test_what_is_no_name(typed: str) -> None:
    with pytest.raises(InvalidInput) as refused:
        cleaned(typed)
    assert refused.value.details == {"field": "name"}
