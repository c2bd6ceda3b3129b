"""Names of devices."""

import pytest
from hypothesis import given
from hypothesis import strategies as st

from loyalty.base.errors import InvalidInput
from loyalty.base.one_line import neutral
from loyalty.devices.device_name import LONGEST, cleaned


@given(st.text(max_size=80))
def test_one_printable_line(typed: str) -> None:
    try:
        name = cleaned(typed)
    except InvalidInput:
        return
    assert neutral(name) == name
    assert 0 < len(name) <= LONGEST
    assert cleaned(name) == name == " ".join(name.split())


NO_NAMES = [
    ("", "length"),
    (" \n", "length"),
    ("x" * 61, "length"),
    ("a\0b", "characters"),
    ("a\nb", "characters"),
    ("a\u202eb", "characters"),
]


@pytest.mark.parametrize(("typed", "reason"), NO_NAMES)
def test_what_is_no_name(typed: str, reason: str) -> None:
    with pytest.raises(InvalidInput) as refused:
        cleaned(typed)
    limit = {"limit": LONGEST} if reason == "length" else {}
    assert refused.value.details == {"field": "name", "reason": reason, **limit}
