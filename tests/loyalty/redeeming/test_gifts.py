"""Vouchers, presents and their ends, through the handshake."""

from collections.abc import Callable
from datetime import UTC, datetime, timedelta
from typing import Any

import pytest

from loyalty.base import money
from loyalty.base.errors import NoBonus, ProductUnavailable
from loyalty.cards.reads import card_view
from loyalty.cards.view import BonusView
from loyalty.models import Bonus, Customer, LedgerEntry, Product, ProgramVersion
from loyalty.programs.mechanics import stored_mechanic
from loyalty.programs.publish_version import publish_version
from loyalty.redeeming.decide_redemption import RedemptionVerdict, decide_redemption
from loyalty.redeeming.live_redemption import LiveRedemption
from loyalty.redeeming.preview_redemption import RedemptionSelector, preview_redemption
from loyalty.redeeming.request_bonus import BonusRequest, request_bonus
from loyalty.redeeming.validation_facts import RedemptionSight
from loyalty.switches import BirthdayRule, Reward, StreakRule, Switches
from tests.factories.people import OWNER, as_customer, as_staff, place
from tests.factories.perks import ANN, IP, KEY, Shop, Wanted, shop, sources
from tests.harness.clock import clock_at

pytestmark = pytest.mark.django_db
Move = Callable[[timedelta], None]
DAY = timedelta(days=1)
NOON = datetime(2027, 6, 1, 10, tzinfo=UTC)


def query(shop_: Shop, **choice: int) -> LiveRedemption:
    wanted = BonusRequest(shop_.card().pk, **choice)
    return request_bonus(wanted, actor=as_customer(ANN), token_key=KEY)


def given(live: LiveRedemption) -> RedemptionSight:
    """The counter looks by code, sees the bonus, and confirms."""
    here = place().location_id
    scanned = RedemptionSelector(token=live.token)
    seen = preview_redemption(scanned, location_id=here, actor=as_staff(), ip=IP, token_key=KEY)
    which = RedemptionSelector(redemption_id=seen.id)
    return decide_redemption(
        which, RedemptionVerdict.CONFIRMED, location_id=here, actor=as_staff(), ip=IP
    )


def born(email: str, month: int, day: int, **more: Any) -> None:
    Customer.objects.filter(email=email).update(birth_month=month, birth_day=day, **more)


def worth(bonus: BonusView) -> tuple[bool, int | None, int | None, str]:
    """What a voucher is worth."""
    return bonus.is_voucher, bonus.percent, bonus.amount, bonus.text


VOUCHERS = [
    (Reward(percent=15), "15 %"),
    (Reward(amount=250), money.shown(250, currency="EUR")),
    (Reward(text="A hug"), "A hug"),
]


@pytest.mark.parametrize("is_tiered", [False, True])
@pytest.mark.parametrize(("gift", "title"), VOUCHERS)
@pytest.mark.parametrize("source", ["card", "streak"])
def test_a_voucher_goes_through_the_same_handshake(
    gift: Reward, title: str, source: str, *, is_tiered: bool
) -> None:
    rules = Switches(card=gift) if source == "card" else Switches(streak=StreakRule(1, 1, gift))
    here = shop(rules, Wanted(threshold=1 if source == "card" else 99, is_tiered=is_tiered))
    (bonus,) = (here.visit(amount=500) if is_tiered else here.visit()).bonuses
    voucher = (True, gift.percent, gift.amount, gift.text)
    assert (bonus.source, bonus.product_id, worth(bonus)) == (source, None, voucher)
    assert (bonus.title, Bonus.objects.get().worth) == (title, gift.amount or 0)
    product = Product.objects.filter(program=here.program)[0]
    with pytest.raises(ProductUnavailable):
        query(here, product_id=product.pk)
    seen = given(query(here))
    assert seen.status == "confirmed"
    assert (seen.bonus.title, worth(seen.bonus)) == (title, voucher)
    assert Bonus.objects.get().status == "used"
    with pytest.raises(NoBonus):
        query(here)


def test_a_tiered_program_s_presents_are_the_cheapest_of_its_lowest_tier() -> None:
    rules = Switches(welcome=Reward(), birthday=BirthdayRule(min_past_bonuses=0))
    here = shop(rules, Wanted(is_tiered=True))
    born(ANN, 6, 1)
    clock_at(NOON)
    outcome = here.visit(amount=500)
    assert [bonus.title for bonus in outcome.bonuses] == ["Salad", "Salad"]
    birthday = outcome.bonuses[1]
    salad = Product.objects.get(program=here.program, name="Salad")
    live = query(here, bonus_id=birthday.id)
    assert given(live).status == "confirmed"
    assert Bonus.objects.get(pk=birthday.id).product == salad
    assert Bonus.objects.get(pk=birthday.id).worth == 400


def test_a_bonus_ends_with_its_day_and_a_held_one_is_still_given() -> None:
    here = shop(Switches(bonus_valid_days=2, welcome=Reward(valid_days=1)), Wanted(threshold=1))
    clock_at(NOON)
    card, welcome = here.visit().bonuses
    ends = [datetime(2027, 6, 3, 22, tzinfo=UTC), datetime(2027, 6, 2, 22, tzinfo=UTC)]
    assert [card.expires_at, welcome.expires_at] == ends
    clock_at(ends[1])
    waiting = card_view(here.card().pk, actor=OWNER).bonuses
    assert [bonus.id for bonus in waiting] == [card.id]
    with pytest.raises(NoBonus):
        query(here, bonus_id=welcome.id)
    clock_at(ends[0] - timedelta(seconds=20))
    live = query(here)
    clock_at(ends[0])
    assert given(live).status == "confirmed"
    assert Bonus.objects.get(pk=card.id).status == "used"
    after = here.visit()
    assert welcome.id not in [bonus.id for bonus in after.card.bonuses]
    clock_at(ends[0] + 3 * DAY)
    with pytest.raises(NoBonus):
        query(here)


def test_units_that_are_over_leave_before_new_ones_come() -> None:
    here = shop(Switches(units_expire_after=2), Wanted(threshold=5))
    clock_at(NOON)
    for _ in range(4):
        here.visit()
    end = datetime(2027, 8, 1, 22, tzinfo=UTC)
    card = here.card()
    assert card.units_end_at == end
    clock_at(end - timedelta(seconds=30))
    assert card_view(card.pk, actor=OWNER).progress[0].open == 4
    clock_at(end)
    assert card_view(card.pk, actor=OWNER).progress[0].open == 0
    outcome = here.visit()
    assert (outcome.units, outcome.bonuses) == (1, ())
    assert outcome.card.progress[0].open == 1
    entries = LedgerEntry.objects.filter(card=card).order_by("card_version", "line")
    assert list(entries.values_list("kind", "units"))[4:] == [("expire", -4), ("earn", 1)]
    assert here.card().units_end_at == datetime(2027, 10, 2, 22, tzinfo=UTC)


def test_a_running_card_keeps_its_presents_until_it_is_full() -> None:
    here = shop(Switches(streak=StreakRule(1, 2, Reward(percent=5))), Wanted(threshold=3))
    clock_at(NOON)
    here.visit()
    version = ProgramVersion.objects.get(program=here.program)
    found = publish_version(
        here.program.pk, stored_mechanic(version), switches=Switches(), actor=OWNER
    )
    assert found.cards == (0, 1, 0)
    got = []
    for n in range(1, 5):
        clock_at(NOON + n * DAY)
        got.append(sources(here.visit()))
    assert got == [["streak"], ["card"], [], []]
