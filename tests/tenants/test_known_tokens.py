"""Who is remembered, where, and that strangers push nobody out."""

import pytest
from hypothesis import given
from hypothesis import strategies as st

from tenants.known_tokens import (
    CUSTOMER_SECONDS,
    OF_A_BUSINESS,
    OF_A_PERSON,
    OF_AN_ADDRESS,
    STAFF_SECONDS,
    Holder,
    KnownTokens,
)

SHOP, ELSEWHERE = "203.0.113.7", "198.51.100.9"
CLERK = Holder("alpha", "staff:1", is_staff=True)
ANN = Holder("alpha", "customer:1", is_staff=False)


class Clock:
    now = 0.0

    def __call__(self) -> float:
        return self.now


def test_a_token_is_known_where_it_was_good_and_nowhere_else() -> None:
    known = KnownTokens()
    known.note("t", CLERK, address=SHOP)
    assert known.holder("alpha", "t") == CLERK
    assert known.holder("beta", "t") is None
    assert known.holder("alpha", "T") is None
    # Two texts that would be one if they were only joined.
    known.note("b\0t", Holder("a", "staff:2", is_staff=True), address=SHOP)
    assert known.holder("a\0b", "t") is None
    known.forget("beta", "t")
    assert known.holder("alpha", "t") == CLERK
    known.forget("alpha", "t")
    assert known.holder("alpha", "t") is None


@pytest.mark.parametrize(("who", "lasts"), [(CLERK, STAFF_SECONDS), (ANN, CUSTOMER_SECONDS)])
def test_it_is_forgotten_some_time_after_its_last_use(who: Holder, lasts: float) -> None:
    clock = Clock()
    known = KnownTokens(clock)
    known.note("t", who, address=SHOP)
    clock.now = lasts - 1
    known.note("t", who, address=SHOP)
    clock.now = 2 * lasts - 2
    assert known.holder("alpha", "t") == who
    clock.now = 2 * lasts
    assert known.holder("alpha", "t") is None


@given(st.lists(st.integers(1, 3), min_size=OF_A_PERSON + 1, max_size=40))
def test_people_push_out_their_own_first(people: list[int]) -> None:
    known = KnownTokens()
    known.note("ann's", ANN, address=SHOP)
    mine = [
        (f"t{n}", Holder("alpha", f"customer:{9 + who}", False)) for n, who in enumerate(people)
    ]
    for token, who in mine:
        known.note(token, who, address=SHOP)
    assert known.holder("alpha", "ann's") == ANN
    for who in {who for _, who in mine}:
        tokens = [token for token, whose in mine if whose == who]
        kept = [token for token in tokens if known.holder("alpha", token)]
        assert kept == tokens[-OF_A_PERSON:]


def test_a_crowd_of_one_address_pushes_out_nobody_elsewhere_and_no_staff() -> None:
    known = KnownTokens()
    known.note("counter's", CLERK, address=SHOP)
    known.note("ann's", ANN, address=ELSEWHERE)
    for n in range(OF_A_BUSINESS + OF_AN_ADDRESS):
        known.note(f"t{n}", Holder("alpha", f"customer:{n + 9}", False), address=SHOP)
    assert known.holder("alpha", "counter's") == CLERK
    assert known.holder("alpha", "ann's") == ANN
    crowd = [n for n in range(OF_A_BUSINESS + OF_AN_ADDRESS) if known.holder("alpha", f"t{n}")]
    assert len(crowd) == OF_AN_ADDRESS


def test_a_business_is_bounded_and_the_fullest_address_makes_room() -> None:
    known = KnownTokens()
    known.note("ann's", ANN, address=SHOP)
    addresses = 2 * OF_A_BUSINESS // OF_AN_ADDRESS
    for n in range(addresses * OF_AN_ADDRESS):
        who = Holder("alpha", f"customer:{n + 9}", False)
        known.note(f"t{n}", who, address=f"198.51.100.{n % addresses}")
    assert known.holder("alpha", "ann's") == ANN
    kept = [n for n in range(addresses * OF_AN_ADDRESS) if known.holder("alpha", f"t{n}")]
    assert len(kept) == OF_A_BUSINESS - 1
