"""All 32 configurations: 16 work from mint to bonus, 16 are refused with the reason."""

from itertools import product as combinations
from typing import Any

import pytest

from loyalty.base.errors import ConfigurationInvalid, PlanLimit, ProductRequired, ProductUnavailable
from loyalty.base.values import BonusModel, Mechanic, Mode, SaleLine, StampMode
from loyalty.earning.collect import collect
from loyalty.earning.mint import SaleInput, mint
from loyalty.models import Counter, LedgerEntry, Product, Program, Settings
from loyalty.programs.catalogue import menus
from loyalty.programs.configuration import VARIANTS, is_valid
from loyalty.programs.publish_program import MenuTier, NewProgram, publish_program, usual_surplus
from tests.factories.people import OWNER, as_customer, as_staff, place

pytestmark = pytest.mark.django_db
EVERY = list(combinations(BonusModel, Mode, StampMode))
MENU = (
    MenuTier("Starter", ("Soup",)),
    MenuTier("Main", ("Pasta", "Pizza")),
    MenuTier("Top", ("Steak",)),
)


def _choices(bonus_id: int) -> tuple[Product, ...]:
    return menus([bonus_id])[bonus_id].products


def mechanic(model: BonusModel, mode: Mode, stamp_mode: StampMode) -> Mechanic:
    """Sensible numbers for any configuration: five units fill a card."""
    money = model is BonusModel.CUMULATIVE_SPEND
    return Mechanic(
        model,
        mode,
        stamp_mode,
        threshold=5000 if money else 5,
        step=500 if model is BonusModel.AMOUNT_STEP else None,
        minimum=500 if model is BonusModel.QUALIFIED_VISIT else None,
        surplus=usual_surplus(model),
    )


def published(rules: Mechanic, **more: Any) -> Program:
    tiered = rules.mode is Mode.TIERED
    given: dict[str, Any] = (
        {"menu": MENU} if tiered else {"gives": "Free lunch", "eligible": ("Pasta",)}
    )
    return publish_program(NewProgram("Lunch", "EUR", rules, **{**given, **more}), actor=OWNER)


def sold(program: Program, *, product: str | None = None, **sale: Any) -> Any:
    """Mint a sale and let ann collect it."""
    if product:
        sale["product_id"] = Product.objects.get(program=program, name=product).pk
    wanted = SaleInput(program.pk, place().location_id, **sale)
    token = mint(wanted, actor=as_staff(), token_key="k").token
    return collect(token or "", actor=as_customer("ann@alpha.example"), ip="192.0.2.1")


def one_unit_sale(program: Program, rules: Mechanic) -> dict[str, Any]:
    """A sale that is worth a fifth of a card."""
    pasta = Product.objects.get(program=program, name="Pasta").pk
    entered: dict[StampMode, dict[str, Any]] = {
        StampMode.PER_VISIT: {"product_id": pasta},
        StampMode.PER_CART_QTY: {"product_id": pasta, "quantity": 1},
        StampMode.PER_LINE_ITEM: {"lines": (SaleLine(pasta),)},
        StampMode.PER_AMOUNT: {},
    }
    sale = entered[rules.stamp_mode]
    if rules.bonus_model is not BonusModel.STAMP_COUNT:
        sale["amount"] = 1000 if rules.bonus_model is BonusModel.CUMULATIVE_SPEND else 500
    return sale


@pytest.mark.parametrize("configuration", [c for c in EVERY if is_valid(c[0], c[2])], ids=str)
def test_a_valid_one_leads_from_mint_to_bonus(
    configuration: tuple[BonusModel, Mode, StampMode],
) -> None:
    rules = mechanic(*configuration)
    program = published(rules)
    sale = one_unit_sale(program, rules)
    outcomes = [sold(program, **sale) for _ in range(6)]
    assert [len(outcome.bonuses) for outcome in outcomes] == [0, 0, 0, 0, 1, 0]
    assert Counter.objects.get(card__program=program).open == rules.threshold // 5
    (bonus,) = outcomes[4].bonuses
    names = [found.name for found in _choices(bonus.id)]
    if rules.mode is Mode.SIMPLE:
        assert bonus.title == "Free lunch"
    elif rules.is_matched:
        assert names == ["Soup", "Pasta", "Pizza"]
    else:
        assert names == ["Soup", "Pasta", "Pizza", "Steak"]


@pytest.mark.parametrize("configuration", [c for c in EVERY if not is_valid(c[0], c[2])], ids=str)
def test_an_invalid_one_is_refused_with_its_reason(
    configuration: tuple[BonusModel, Mode, StampMode],
) -> None:
    before = Program.objects.count()
    with pytest.raises(ConfigurationInvalid) as refused:
        published(mechanic(*configuration))
    assert refused.value.details["reason"] in {"money_counts_amounts", "visits_count_units"}
    assert Program.objects.count() == before


def test_ten_variants_are_offered_by_name() -> None:
    assert len(VARIANTS) == 10
    assert all(is_valid(model, stamp) for model, _, stamp in VARIANTS.values())


def test_each_tier_counts_for_itself() -> None:
    program = published(mechanic(*VARIANTS["tier-item"]))
    pasta = Product.objects.get(program=program, name="Pasta").pk
    steak = Product.objects.get(program=program, name="Steak").pk
    outcome = sold(program, lines=(SaleLine(pasta, 3), SaleLine(steak, 2), SaleLine(pasta)))
    assert [(each.tier.name, each.units) for each in outcome.per_tier] == [
        ("Main", 4),
        ("Top", 2),
    ]
    progress = outcome.card.progress
    assert [(each.tier.name, each.open) for each in progress] == [
        ("Starter", 0),
        ("Main", 4),
        ("Top", 2),
    ]
    assert sum(LedgerEntry.objects.values_list("units", flat=True)) == 6


def test_one_scan_may_fill_a_card_in_two_tiers() -> None:
    program = published(mechanic(*VARIANTS["tier-item"]))
    soup = Product.objects.get(program=program, name="Soup").pk
    steak = Product.objects.get(program=program, name="Steak").pk
    outcome = sold(program, lines=(SaleLine(soup, 7), SaleLine(steak, 5)))
    first, second = outcome.bonuses
    assert [found.name for found in _choices(first.id)] == ["Soup"]
    assert len(_choices(second.id)) == 4
    entries = LedgerEntry.objects.order_by("line").values_list("kind", "units", "tier__name")
    assert list(entries) == [
        ("earn", 7, "Starter"),
        ("complete", -5, "Starter"),
        ("earn", 5, "Top"),
        ("complete", -5, "Top"),
    ]


def test_a_matched_visit_needs_its_product() -> None:
    program = published(mechanic(*VARIANTS["tier-visit"]))
    with pytest.raises(ProductRequired):
        sold(program)
    foreign = Product.objects.exclude(program=program).first()
    assert foreign
    with pytest.raises(ProductUnavailable):
        sold(program, product_id=foreign.pk)


def test_money_forfeits_what_is_over() -> None:
    program = published(mechanic(*VARIANTS["spend-total"]))
    outcome = sold(program, amount=12_345)
    assert len(outcome.bonuses) == 1
    entries = LedgerEntry.objects.order_by("line").values_list("kind", "units")
    assert list(entries) == [("earn", 12_345), ("complete", -5000), ("forfeit", -7345)]


def test_the_plan_limits_programs_and_tiers() -> None:
    Settings.objects.update(max_running_programs=1, has_tiered_mode=False)
    for variant, what in (("tier-visit", "tiered mode"), ("stamp-cart", "running programs")):
        with pytest.raises(PlanLimit) as refused:
            published(mechanic(*VARIANTS[variant]))
        assert refused.value.details["what"] == what
    assert Program.objects.count() == 1
