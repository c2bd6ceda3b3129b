"""Programs in currencies with 0, 2 and 3 decimals, from publishing to the bonus."""

from dataclasses import dataclass
from typing import Any

import pytest

from loyalty.base.errors import BelowMinimum, InvalidInput, NothingToEarn
from loyalty.base.values import BonusModel, Mechanic, Mode, StampMode
from loyalty.books.books import wrong_books
from loyalty.cards.shown_card import ShownCard, shown_card
from loyalty.earning.collect import collect
from loyalty.earning.mint import SaleInput, mint, preview
from loyalty.models import Counter, EarnSession, Event, LedgerEntry, Product, Program
from loyalty.programs.publish_program import NewProgram, publish_program, usual_surplus
from tests.factories.people import OWNER, as_customer, as_staff, place

pytestmark = pytest.mark.django_db


@dataclass(frozen=True)
class Money:
    """A currency, and five of it in minor units."""

    code: str
    five: int

    def of(self, fives: float) -> int:
        """So many fives."""
        return int(self.five * fives)


EVERY = [Money("JPY", 5), Money("EUR", 500), Money("KWD", 5000)]
each_currency = pytest.mark.parametrize("money", EVERY, ids=lambda money: money.code)


def published(money: Money, model: BonusModel, **numbers: int) -> Program:
    stamps = StampMode.PER_VISIT
    if model in {BonusModel.AMOUNT_STEP, BonusModel.CUMULATIVE_SPEND}:
        stamps = StampMode.PER_AMOUNT
    given: dict[str, Any] = {"threshold": 5, "surplus": usual_surplus(model), **numbers}
    rules = Mechanic(model, Mode.SIMPLE, stamps, **given)
    return publish_program(NewProgram("Lunch", money.code, rules, gives="Free lunch"), actor=OWNER)


def sold(program: Program, amount: int) -> Any:
    wanted = SaleInput(program.pk, place().location_id, amount=amount)
    token = mint(wanted, actor=as_staff(), token_key="k").token or ""
    return collect(token, actor=as_customer("ann@alpha.example"), ip="192.0.2.1")


def card(outcome: Any) -> ShownCard:
    found = shown_card(outcome.card.id, actor=as_customer("ann@alpha.example"))
    assert found
    return found


@each_currency
def test_a_stamp_for_each_step(money: Money) -> None:
    program = published(money, BonusModel.AMOUNT_STEP, step=money.five)
    for fives, units in ((1, 1), (2.4, 2), (5, 5)):
        sale = SaleInput(program.pk, place().location_id, amount=money.of(fives))
        assert [each.count for each in preview(sale, actor=OWNER).units] == [units]
    with pytest.raises(NothingToEarn):
        preview(SaleInput(program.pk, place().location_id, amount=money.five - 1), actor=OWNER)
    outcome = sold(program, money.of(2))
    assert EarnSession.objects.get().amount == Event.objects.get(kind="collected").amount
    assert (EarnSession.objects.get().amount, outcome.units) == (money.of(2), 2)


@each_currency
def test_money_that_adds_up(money: Money) -> None:
    goal = money.of(10)
    program = published(money, BonusModel.CUMULATIVE_SPEND, threshold=goal)
    shown = card(sold(program, money.five + 1))
    assert (shown.open, shown.missing, shown.currency) == (
        money.five + 1,
        goal - money.five - 1,
        money.code,
    )
    outcome = sold(program, goal)
    assert len(outcome.bonuses) == 1
    assert Counter.objects.get().open == 0
    kinds = LedgerEntry.objects.order_by("card_version", "line").values_list("kind", "units")
    assert list(kinds) == [
        ("earn", money.five + 1),
        ("earn", goal),
        ("complete", -goal),
        ("forfeit", -money.five - 1),
    ]
    assert list(wrong_books()) == []


@each_currency
def test_a_minimum_in_minor_units(money: Money) -> None:
    program = published(money, BonusModel.QUALIFIED_VISIT, minimum=money.five)
    sale = SaleInput(program.pk, place().location_id, amount=money.five - 1)
    with pytest.raises(BelowMinimum) as refused:
        mint(sale, actor=as_staff(), token_key="k")
    assert refused.value.details == {"missing": 1, "currency": money.code}
    assert preview(sale, actor=OWNER).missing == 1
    assert sold(program, money.five).units == 1


@pytest.mark.parametrize("code", ["XYZ", "eur", "Eur", "XXX", "EU", "", "EURO", "EUR "])
def test_what_is_no_currency_is_not_published(code: str) -> None:
    before = list(Program.objects.values()), list(Product.objects.values())
    with pytest.raises(InvalidInput) as refused:
        published(Money(code, 1), BonusModel.AMOUNT_STEP, step=1)
    assert refused.value.details == {"field": "currency", "reason": "unknown"}
    assert (list(Program.objects.values()), list(Product.objects.values())) == before
