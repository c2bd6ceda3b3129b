"""A card's kinder promise holds as far as one scan may fill cards."""

from dataclasses import replace
from typing import Any

import pytest

from loyalty.base.values import BonusModel, Mechanic, Mode, SaleLine, StampMode
from loyalty.books.whole_books import wrong_in_all
from loyalty.explaining.untrimmed import untrimmed_sales_for
from loyalty.models import Bonus, Counter, LedgerEntry, Product, Program
from loyalty.programs.mechanics import stored_mechanic
from loyalty.programs.publish_program import MenuTier, NewProgram, publish_program
from loyalty.programs.publish_version import publish_version
from tests.factories.history import stamp_spend
from tests.factories.people import OWNER
from tests.factories.undoing import NEVER, WITH, granted, queued, sold

pytestmark = pytest.mark.django_db


def corrected(program: Program, **numbers: Any) -> None:
    current = Program.objects.get(pk=program.pk).current
    assert current
    publish_version(program.pk, replace(stored_mechanic(current), **numbers), actor=OWNER)


def earned(session_id: int) -> dict[int | None, int]:
    entries = LedgerEntry.objects.filter(session=session_id, kind="earn")
    return dict(entries.values_list("tier_id", "units"))


def test_a_step_of_one_cent_that_was_corrected() -> None:
    program = stamp_spend(step=1, threshold=5)
    sold(WITH, program, {"amount": 3})
    corrected(program, step=500)
    # 200 by the code, 100,000 by the promise.
    trimmed = sold(WITH, program, {"amount": 100_000})
    # A hundred cards, what begins the next one, and the three stamps of before.
    assert earned(trimmed) == {None: 504}
    assert Bonus.objects.count() == 101
    assert Counter.objects.get().open == 2
    assert untrimmed_sales_for({trimmed: 504}) == {trimmed: 100_000}
    # The card is full: the numbers in force count from here.
    assert earned(sold(WITH, program, {"amount": 100_000})) == {None: 200}
    assert wrong_in_all() == []


def test_a_promise_that_one_scan_does_not_exhaust_is_kept_whole() -> None:
    program = stamp_spend(step=500, threshold=5)
    sold(WITH, program, {"amount": 500})
    corrected(program, step=5000)
    assert earned(sold(WITH, program, {"amount": 252_000})) == {None: 504}
    assert Bonus.objects.count() == 101


def test_a_threshold_of_one_that_was_corrected() -> None:
    program = stamp_spend(step=500, threshold=2)
    sold(WITH, program, {"amount": 500})
    corrected(program, threshold=20)
    assert earned(sold(NEVER, program, {"amount": 500 * 2_000})) == {None: 2_000}
    assert earned(sold(WITH, program, {"amount": 500 * 2_000})) == {None: 201}
    # A hundred cards by either, and the one that the stamp before began.
    assert Bonus.objects.filter(card__customer__email=NEVER).count() == 100
    assert Bonus.objects.filter(card__customer__email=WITH).count() == 101
    assert wrong_in_all() == []


def test_what_waited_for_an_address_fills_no_more() -> None:
    program = stamp_spend(step=500, threshold=5)
    sold(WITH, program, {"amount": 500})
    corrected(program, step=5000)
    session_id = queued(WITH, program, {"amount": 100 * 5 * 5000})
    granted(WITH)
    assert earned(session_id) == {None: 504}
    assert Bonus.objects.count() == 101
    assert wrong_in_all() == []


def test_the_highest_tier_is_filled_first() -> None:
    rules = Mechanic(BonusModel.STAMP_COUNT, Mode.TIERED, StampMode.PER_LINE_ITEM, threshold=2)
    menu = (MenuTier("S", ("Espresso",)), MenuTier("L", ("Cake",)))
    program = publish_program(NewProgram("C", "EUR", rules, menu=menu), actor=OWNER)
    products = Product.objects.filter(program=program).order_by("tier__rank")
    small, large = ((each.pk, each.tier_id) for each in products)
    sold(WITH, program, {"lines": (SaleLine(small[0]),)})
    corrected(program, threshold=20)
    lines = tuple(SaleLine(product, 150) for product, _ in (small, large))
    # By the code 7 cards each, by the promise 75.
    given = earned(sold(WITH, program, {"lines": lines}))
    assert given == {small[1]: 51, large[1]: 150}
    assert Bonus.objects.count() == 101
    assert wrong_in_all() == []
