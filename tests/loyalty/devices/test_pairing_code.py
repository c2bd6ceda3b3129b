"""Pairing codes, however they are typed."""

from hypothesis import given
from hypothesis import strategies as st

from loyalty.base.tokens import PAIRING_SIGNS, derive_pairing_code, digest, keyed_digest
from loyalty.devices.pairing_code import LENGTH, spoken, typed_code

CODES = st.text(PAIRING_SIGNS, min_size=LENGTH, max_size=LENGTH)


@given(CODES)
def test_what_is_shown_is_understood(code: str) -> None:
    shown = spoken(code)
    misread = shown.replace("0", "O").replace("1", "l")
    assert typed_code(shown) == typed_code(shown.lower()) == typed_code(misread) == code
    assert typed_code(f" {code[:3]} {code[3:]} ") == code


@given(st.binary(min_size=16, max_size=16), st.binary(min_size=16, max_size=16))
def test_a_code_is_its_salt_s_and_its_key_s(one: bytes, other: bytes) -> None:
    code = derive_pairing_code("key", one)
    assert len(code) == LENGTH
    assert set(code) <= set(PAIRING_SIGNS)
    assert (code == derive_pairing_code("key", other)) == (one == other)
    assert code != derive_pairing_code("other key", one)


@given(st.text())
def test_short_secrets_are_known_by_a_keyed_digest(text: str) -> None:
    found = keyed_digest("key", text, purpose="one")
    assert len(found) == 32
    assert found == keyed_digest("key", text, purpose="one")
    assert found != keyed_digest("key", text, purpose="other")
    assert found != keyed_digest("other key", text, purpose="one")
    assert found != digest(text)
