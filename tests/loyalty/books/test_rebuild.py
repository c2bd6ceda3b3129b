"""A count from the first line on agrees with everything that is right, and names what is not."""

from collections.abc import Callable
from dataclasses import replace
from datetime import timedelta
from pathlib import Path
from typing import Any

import pytest
from django.db.models import F

from loyalty.base.values import Role
from loyalty.books.books import wrong_books
from loyalty.books.rebuild import wrong_rebuilds
from loyalty.db.roundtrip import database_now
from loyalty.expiry.expire import expire
from loyalty.findings.find_anomalies import find_anomalies
from loyalty.levels.limits import NewLevel, NewLevelTable
from loyalty.levels.set_levels import set_levels
from loyalty.models import (
    Anomaly,
    Bonus,
    Card,
    Counter,
    Customer,
    EarnSession,
    Event,
    LedgerEntry,
    Program,
    Redemption,
)
from loyalty.people.set_birthday import DayOfYear, set_birthday
from loyalty.redeeming.decide_redemption import RedemptionVerdict, decide_redemption
from loyalty.redeeming.preview_redemption import RedemptionSelector
from loyalty.redeeming.refund_redemption import refund_redemption
from loyalty.redeeming.request_bonus import BonusRequest, request_bonus
from loyalty.reviewing.review_anomaly import FindingReview, review_anomaly
from loyalty.reviewing.review_anomaly import ReviewVerdict as Decision
from loyalty.switches import BirthdayRule, Reward, StreakRule, Switches
from loyalty.undoing.void_session import void_session
from tests.factories.history import importing, stamp_spend
from tests.factories.people import as_customer, as_staff, customer, place
from tests.factories.undoing import IP, KEY, WITH, granted, queued, sold

pytestmark = pytest.mark.django_db
Move = Callable[[timedelta], None]
DAY = timedelta(days=1)
RULES = Switches(
    points=2,
    streak=StreakRule(window=2, threshold=2, freezes=1),
    birthday=BirthdayRule(days_before=5, days_after=5, min_past_bonuses=0),
    welcome=Reward(text="Welcome"),
    units_expire_after=1,
    bonus_valid_days=40,
)
SILVER = NewLevel("Silver", 4, gift=Reward(percent=10))
GOLD = NewLevel("Gold", 10, percent=200, gift=Reward(percent=20))


def levels(*wanted: NewLevel, **numbers: Any) -> None:
    set_levels(NewLevelTable(wanted, **numbers), actor=as_staff(Role.OWNER))


def birthday(shift: timedelta) -> None:
    day = database_now() + shift
    set_birthday(DayOfYear(day.month, day.day), actor=as_customer(WITH))


def use(source: str) -> None:
    """The bonus is given at the counter."""
    bonus = Bonus.objects.filter(source=source, status="waiting").earliest("id")
    live = request_bonus(
        BonusRequest(bonus.card_id, bonus.pk), actor=as_customer(WITH), token_key=KEY
    )
    which = RedemptionSelector(token=live.token)
    where = place().location_id
    decide_redemption(
        which, RedemptionVerdict.CONFIRMED, location_id=where, actor=as_staff(), ip=IP
    )


def take_back(session: int) -> None:
    void_session(session, actor=as_staff(Role.MANAGER), reason="a mistake")


def wrong() -> list[str]:
    return [each.what for each in wrong_rebuilds()]


@pytest.fixture
def program(move_clock: Move, tmp_path: Path) -> Program:
    """A long life of one card, with everything that can happen to it."""
    made = stamp_spend(switches=RULES)
    where = {"amount": 2500}
    birthday(2 * DAY)
    first = sold(WITH, made, where)
    move_clock(1 * DAY)
    levels(SILVER, GOLD, period_days=60, grace_days=5, most_rises=1, rises_within_days=30)
    queued(WITH, made, {"amount": 1000})
    move_clock(2 * DAY)
    second = sold(WITH, made, where)
    move_clock(3 * DAY)
    granted(WITH)
    importing(tmp_path, f"email,date,amount\n{WITH},2026-01-03,5\n", made)
    for source in ("card", "streak"):
        use(source)
    take_back(first)
    # The change counts in a month: what was near to the old date stays so.
    birthday(90 * DAY)
    move_clock(4 * DAY)
    for _ in range(5):
        sold(WITH, made, where)
    find_anomalies()
    row = Anomaly.objects.get(kind="level_held")
    review_anomaly(FindingReview(row.pk, Decision.APPROVE), actor=as_staff(Role.MANAGER))
    move_clock(5 * DAY)
    take_back(second)
    levels(replace(SILVER, threshold=6), period_days=60, grace_days=5)
    move_clock(6 * DAY)
    sold(WITH, made, where)
    move_clock(60 * DAY)
    expire(Card.objects.get().pk)
    sold(WITH, made, {"amount": 500})
    return made


@pytest.mark.usefixtures("program")
def test_a_long_life_is_right_in_everything() -> None:
    assert list(wrong_books()) == []
    assert list(wrong_rebuilds()) == []
    sources = Bonus.objects.exclude(status="void").values_list("source", flat=True)
    assert set(sources) == {"card", "streak", "birthday", "welcome", "level"}
    kinds = set(Event.objects.values_list("kind", flat=True))
    assert kinds >= {"levels_set", "reviewed", "expired", "voided", "queued"}
    undone = Event.objects.filter(kind="voided").values_list("details__owed", flat=True)
    assert any(each["bonuses"] for each in undone)


@pytest.mark.usefixtures("program")
def test_a_balance_is_found_though_the_ledger_has_it_too() -> None:
    Counter.objects.update(open=F("open") + 1)
    last = LedgerEntry.objects.latest("id")
    last.pk, last.kind, last.units, last.session = last.pk + 1, "adjust", 1, None
    last.line += 1
    last.save(force_insert=True)
    assert list(wrong_books()) == []
    assert wrong() == ["a card's balance differs from its sales"]


@pytest.mark.usefixtures("program")
@pytest.mark.parametrize(
    ("column", "what"),
    [
        ("streak_days", "a card's streak differ from its sales"),
        ("visits", "a card's visits differ from its sales"),
        ("points", "a card's points differ from its sales"),
        ("streaks_owed", "a card's bonuses by streak differ from its sales"),
    ],
)
def test_a_figure_of_a_card_is_found(column: str, what: str) -> None:
    Card.objects.update(**{column: F(column) + 1})
    assert wrong() == [what]


@pytest.mark.usefixtures("program")
def test_a_level_is_found() -> None:
    Customer.objects.filter(email=WITH).update(level_rung=F("level_rung") + 1)
    assert wrong() == ["a customer's level differs from their sales"]


@pytest.mark.usefixtures("program")
def test_points_are_found_though_the_card_has_them_too() -> None:
    sale = EarnSession.objects.filter(status="collected").latest("id")
    EarnSession.objects.filter(pk=sale.pk).update(points_given=F("points_given") + 1)
    Card.objects.update(points=F("points") + 1)
    assert {(found.what, found.number) for found in wrong_rebuilds()} == {
        ("a sale's points differ from what it gave", sale.pk),
        ("a customer's points that count differ from their sales", sale.customer_id),
    }


@pytest.mark.usefixtures("program")
@pytest.mark.parametrize("source", ["card", "streak", "birthday", "welcome", "level"])
def test_a_bonus_that_is_missing_is_found(source: str) -> None:
    row = Bonus.objects.filter(source=source).exclude(status="void").latest("id")
    Bonus.objects.filter(pk=row.pk).update(status="void")
    assert wrong() == [f"a card's bonuses by {source} differ from its sales"]


@pytest.mark.usefixtures("program")
@pytest.mark.parametrize("source", ["card", "streak"])
def test_a_bonus_too_many_is_found(source: str) -> None:
    row = Bonus.objects.filter(source=source).exclude(status="void").latest("id")
    row.pk, row.status = Bonus.objects.latest("id").pk + 1, "waiting"
    row.save(force_insert=True)
    assert wrong() == [f"a card's bonuses by {source} differ from its sales"]


@pytest.mark.usefixtures("program")
def test_an_occasion_of_another_year_is_found_twice() -> None:
    """The one that ought to be there, and the one that ought not."""
    Bonus.objects.filter(source="birthday").update(occasion="birthday:1:2001", status="waiting")
    assert wrong() == ["a card's bonuses by birthday differ from its sales"] * 2


def test_an_address_that_came_second_stays_so_when_the_first_sale_is_taken_back() -> None:
    """Nor does the first one lose anything by the second."""
    made = stamp_spend(switches=RULES)
    one, two = (customer(email).email for email in ("joe@gmail.com", "joe+1@gmail.com"))
    first = sold(one, made, {"amount": 500})
    sold(two, made, {"amount": 500})
    assert wrong() == []
    take_back(first)
    assert wrong() == []
    sold(two, made, {"amount": 500})
    assert wrong() == []
    kept = Event.objects.filter(kind="collected").order_by("id")
    assert list(kept.values_list("details__known", flat=True)) == [False, True, False]


@pytest.mark.parametrize("is_refunded", [False, True])
def test_a_used_bonus_that_lost_its_sale_was_seen_by_the_card(
    move_clock: Move, *, is_refunded: bool
) -> None:
    """A birthday bonus asks for a bonus before it: what stays given counts, what is gone not."""
    rules = BirthdayRule(days_before=5, days_after=5, min_past_bonuses=1)
    made = stamp_spend(switches=Switches(welcome=Reward(text="Welcome"), birthday=rules))
    first = sold(WITH, made, {"amount": 500})
    use("welcome")
    take_back(first)
    if is_refunded:
        redemption = Redemption.objects.get()
        manager = as_staff(Role.MANAGER)
        refund_redemption(redemption.pk, reason="spilt", actor=manager, token_key=KEY)
    assert wrong() == []
    birthday(timedelta(0))
    move_clock(timedelta(hours=1))
    second = sold(WITH, made, {"amount": 500})
    assert Bonus.objects.filter(source="birthday").exists() is not is_refunded
    assert wrong() == []
    move_clock(timedelta(hours=2))
    sold(WITH, made, {"amount": 500})
    assert wrong() == []
    take_back(second)
    assert wrong() == []
