"""Tokens, codes and ids."""

from datetime import UTC, datetime, timedelta

from hypothesis import given
from hypothesis import strategies as st

from loyalty.base import tokens

salts = st.binary(min_size=16, max_size=16)
_DAYS = (datetime(2099, 1, 1, tzinfo=UTC) - datetime(2025, 1, 2, tzinfo=UTC)).days
moments = st.timedeltas(timedelta(0), timedelta(days=_DAYS)).map(
    lambda passed: datetime(2025, 1, 2, tzinfo=UTC) + passed
)


@given(salts, salts)
def test_tokens_are_url_safe_and_their_own(one: bytes, other: bytes) -> None:
    token = tokens.derive("key", one, purpose="session")
    assert len(token) == 22
    assert token.replace("-", "").replace("_", "").isalnum()
    assert (token == tokens.derive("key", other, purpose="session")) == (one == other)
    assert token != tokens.derive("key", one, purpose="link")
    assert token != tokens.derive("other key", one, purpose="session")


@given(salts)
def test_codes_have_six_digits(salt: bytes) -> None:
    code = tokens.derive_code("key", salt)
    assert len(code) == 6
    assert code.isdigit()


@given(st.text())
def test_every_text_has_a_digest(text: str) -> None:
    assert len(tokens.digest(text)) == 32


@given(moments, st.integers(0, 2**21 - 1), st.integers(1, 10**6))
def test_ids_fit_and_grow_with_time(now: datetime, random: int, later: int) -> None:
    first = tokens.ordered_id(now, random=random)
    then = tokens.ordered_id(now + timedelta(milliseconds=later), random=0)
    assert 0 < first < 2**63
    assert then > first or later < 2
