"""A sale is as large as sales are: anything beyond is a typing mistake."""

from collections.abc import Mapping

import pytest
from hypothesis import assume, given
from hypothesis import strategies as st

from loyalty.base.errors import InvalidInput, ScanCap
from loyalty.base.money import decimals, largest_sale
from loyalty.base.values import BonusModel, Mechanic, Mode, Sale, StampMode, Surplus, Units
from loyalty.counting import units
from loyalty.counting.completion import completed_alone
from loyalty.counting.sale_size import MOST_CARDS, check_amount, check_cards, within_promise

CODES = st.sampled_from(["JPY", "EUR", "KWD", "IDR", "VND", "IQD"])
PER_AMOUNT = (Mode.SIMPLE, StampMode.PER_AMOUNT)
# What a column of the database holds, and what a client's number holds exactly.
BIGINT, EXACT = 2**63 - 1, 2**53 - 1


@pytest.mark.parametrize(
    ("currency", "limit"),
    [
        ("JPY", 10_000_000),
        ("EUR", 1_000_000_000),
        ("KWD", 10_000_000_000),
        ("VND", 10_000_000_000),
        ("IDR", 1_000_000_000_000),
        ("IQD", 10_000_000_000_000),
    ],
)
def test_the_edge_of_each_kind_of_money(currency: str, limit: int) -> None:
    for fits in (None, 0, 1, limit):
        check_amount(fits, currency=currency)
    for wrong in (-1, limit + 1, 10**15, BIGINT):
        with pytest.raises(InvalidInput) as refused:
            check_amount(wrong, currency=currency)
        assert refused.value.details == {
            "field": "amount",
            "reason": "range",
            "limit": limit,
            "currency": currency,
        }


@given(amount=st.integers(-(2**63), BIGINT), currency=CODES)
def test_an_amount_fits_or_is_refused(amount: int, currency: str) -> None:
    major = amount / 10 ** decimals(currency)
    try:
        check_amount(amount, currency=currency)
    except InvalidInput:
        assert amount < 0 or major > 10_000_000
    else:
        assert 0 <= amount <= largest_sale(currency)
        assert major <= 10_000_000_000


@given(
    amount=st.integers(0, 2**63),
    step=st.integers(1, 10**6),
    currency=CODES,
    threshold=st.integers(1, EXACT),
)
def test_units_of_what_fits_never_overflow(
    amount: int, step: int, currency: str, threshold: int
) -> None:
    amount = min(amount, largest_sale(currency))
    for model in (BonusModel.AMOUNT_STEP, BonusModel.CUMULATIVE_SPEND):
        rules = Mechanic(model, *PER_AMOUNT, threshold=threshold, step=step)
        if amount >= step:
            earned = units.total(units.earned(rules, Sale(amount=amount), {}))
            assert 0 < earned <= amount <= EXACT


@given(count=st.integers(1, EXACT), threshold=st.integers(1, 10**9))
def test_one_scan_fills_a_hundred_cards(count: int, threshold: int) -> None:
    rules = Mechanic(BonusModel.AMOUNT_STEP, *PER_AMOUNT, threshold=threshold, step=1)
    if count // threshold <= MOST_CARDS:
        check_cards(rules, [Units(None, count)])
        return
    with pytest.raises(ScanCap) as refused:
        check_cards(rules, [Units(None, count)])
    limit = 100 * threshold
    assert refused.value.details == {"what": "cards", "cards": 100, "limit": limit}


def test_money_that_forfeits_fills_one() -> None:
    kind = BonusModel.CUMULATIVE_SPEND
    rules = Mechanic(kind, *PER_AMOUNT, threshold=1, surplus=Surplus.FORFEIT)
    check_cards(rules, [Units(None, largest_sale("EUR"))])


def _stamps(threshold: int, surplus: Surplus = Surplus.CARRY) -> Mechanic:
    return Mechanic(BonusModel.AMOUNT_STEP, *PER_AMOUNT, threshold, step=1, surplus=surplus)


def _cards(rules: Mechanic, units: Mapping[int | None, int]) -> int:
    return completed_alone(rules, [Units(tier, count) for tier, count in units.items()])


@st.composite
def _scans(draw: st.DrawFn) -> tuple[Mechanic, Mechanic, dict[int | None, int]]:
    """A promise, the version on the code, and units by counter that passed its ceiling."""
    rules = st.builds(_stamps, st.integers(1, 60), st.sampled_from(Surplus))
    promise, minted = draw(rules), draw(rules)
    tiers = draw(st.sampled_from([(None,), (1, 2), (3, 1, 2)]))
    most = 10**6 if minted.surplus is Surplus.FORFEIT else 101 * minted.threshold
    counts = st.integers(0 if len(tiers) > 1 else 1, most // len(tiers))
    return promise, minted, {tier: draw(counts) for tier in tiers}


@given(_scans(), st.integers(1, 10**9))
def test_a_kinder_promise_fills_a_hundred_cards_and_never_fewer_than_the_code(
    scan: tuple[Mechanic, Mechanic, dict[int | None, int]], kinder: int
) -> None:
    promise, minted, own = scan
    assume(_cards(minted, own) <= MOST_CARDS)
    # Tiers count pieces, by any version the same.
    counted = {tier: max(count, kinder) if tier is None else count for tier, count in own.items()}
    kept = within_promise(promise, counted, own=own, minted=minted)
    assert _cards(promise, kept) == min(MOST_CARDS, _cards(promise, counted))
    assert all(kept[tier] <= counted[tier] for tier in counted)
    if _cards(promise, counted) <= MOST_CARDS:
        assert kept == counted
    if _cards(promise, own) <= MOST_CARDS:
        assert all(kept[tier] >= own[tier] for tier in own)
    for tier, count in kept.items():
        by_code = min(_cards(minted, {tier: own[tier]}), _cards(promise, {tier: counted[tier]}))
        assert _cards(promise, {tier: count}) >= by_code


@given(_scans(), st.integers(1, 10**9), st.integers(0, 10**6))
def test_a_larger_sale_never_gives_less(
    scan: tuple[Mechanic, Mechanic, dict[int | None, int]], kinder: int, more: int
) -> None:
    promise, minted, own = scan
    assume(_cards(minted, own) <= MOST_CARDS)
    assume(promise.surplus is Surplus.CARRY)
    few = {tier: max(count, kinder) if tier is None else count for tier, count in own.items()}
    many = {tier: count + more if tier is None else count for tier, count in few.items()}
    less, most = (
        sum(within_promise(promise, each, own=own, minted=minted).values()) for each in (few, many)
    )
    assert less <= most


@pytest.mark.parametrize(
    ("promise", "minted", "counted", "own", "kept"),
    [
        (_stamps(5), _stamps(5), 504, 50, 504),  # as many as a sale may
        (_stamps(5), _stamps(5), 505, 50, 504),  # and no fewer for a larger sale
        (_stamps(5), _stamps(5), 100_000, 503, 504),  # what begins the next one stays
        (_stamps(5), _stamps(50), 5_049, 5_049, 504),  # a hundred cards by either
        (_stamps(5), _stamps(50), 4_000, 4_000, 504),
        (_stamps(5), _stamps(5, Surplus.FORFEIT), 10**9, 10**9, 504),
        (_stamps(5, Surplus.FORFEIT), _stamps(5), 10**9, 500, 10**9),  # fills one
    ],
)
def test_what_is_left_of_a_promise(
    promise: Mechanic, minted: Mechanic, counted: int, own: int, kept: int
) -> None:
    found = within_promise(promise, {None: counted}, own={None: own}, minted=minted)
    assert found == {None: kept}


def test_the_highest_tier_keeps_most() -> None:
    own: dict[int | None, int] = {2: 300, 1: 700}
    found = within_promise(_stamps(5), own, own=own, minted=_stamps(50))
    # By the code 6 and 14; what the hundred leave beyond goes to the first.
    assert found == {2: 300, 1: 204}
    turned = dict(reversed(own.items()))
    found = within_promise(_stamps(5), turned, own=own, minted=_stamps(50))
    assert found == {1: 474, 2: 34}
