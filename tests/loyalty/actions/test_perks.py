"""Streaks, birthdays, welcomes, points, vouchers and their ends, from the tap to the handshake."""

from collections.abc import Callable
from datetime import UTC, datetime, timedelta
from typing import Any

import pytest

from loyalty import money
from loyalty.actions.decide_redemption import Verdict, decide_redemption
from loyalty.actions.preview_redemption import Selector, preview_redemption
from loyalty.actions.publish_version import publish_version
from loyalty.actions.request_bonus import Request, request_bonus
from loyalty.errors import NoBonus, ProductUnavailable
from loyalty.models import Bonus, Card, Customer, LedgerEntry, Location, Product, ProgramVersion
from loyalty.queries.cards import card_state
from loyalty.queries.live_redemption import LiveRedemption
from loyalty.queries.mechanics import stored_mechanic
from loyalty.queries.validation_facts import Seen
from loyalty.switches import BirthdayRule, Gift, StreakRule, Switches
from tests import people
from tests.clock import clock_at
from tests.people import as_customer, as_staff, place
from tests.perks import ANN, BOB, IP, KEY, Shop, Wanted, shop, sources

pytestmark = pytest.mark.django_db
Move = Callable[[timedelta], None]
DAY = timedelta(days=1)
NOON = datetime(2027, 6, 1, 10, tzinfo=UTC)


def ask(shop_: Shop, **choice: int) -> LiveRedemption:
    wanted = Request(shop_.card().pk, **choice)
    return request_bonus(wanted, actor=as_customer(ANN), token_key=KEY)


def given(live: LiveRedemption) -> Seen:
    """The counter looks by code, sees the bonus, and confirms."""
    here = place().location_id
    seen = preview_redemption(Selector(token=live.token), location_id=here, actor=as_staff(), ip=IP)
    which = Selector(redemption_id=seen.id)
    return decide_redemption(which, Verdict.CONFIRMED, location_id=here, actor=as_staff(), ip=IP)


def born(email: str, month: int, day: int, **more: Any) -> None:
    Customer.objects.filter(email=email).update(birth_month=month, birth_day=day, **more)


def test_a_streak_pays_at_each_multiple_and_the_badge_goes_on() -> None:
    here = shop(Switches(streak=StreakRule(window=2, threshold=3)))
    paid, badges = [], []
    for n in range(7):
        clock_at(NOON + n * DAY)
        here.visit()
        clock_at(NOON + n * DAY + timedelta(hours=3))
        again = here.visit()
        badges.append(again["card"]["streak"]["days"])
        paid.append(Bonus.objects.filter(source="streak").count())
    assert badges == [1, 2, 3, 4, 5, 6, 7]
    assert paid == [0, 0, 1, 1, 1, 2, 2]
    clock_at(NOON + 9 * DAY)
    assert here.visit()["card"]["streak"]["days"] == 1
    assert {bonus.title for bonus in Bonus.objects.all()} == {"Free coffee"}


@pytest.mark.parametrize(
    ("zone", "first", "last"),
    [
        # Two local midnights, with a night of 23 and one of 25 hours between them.
        (
            "Europe/Berlin",
            datetime(2027, 3, 27, 12, tzinfo=UTC),
            datetime(2027, 3, 28, 22, tzinfo=UTC),
        ),
        (
            "Europe/Berlin",
            datetime(2027, 10, 30, 12, tzinfo=UTC),
            datetime(2027, 10, 31, 23, tzinfo=UTC),
        ),
        (
            "America/New_York",
            datetime(2027, 3, 13, 12, tzinfo=UTC),
            datetime(2027, 3, 15, 4, tzinfo=UTC),
        ),
    ],
)
def test_a_streak_s_days_are_the_location_s(zone: str, first: datetime, last: datetime) -> None:
    Location.objects.update(time_zone=zone)
    here = shop(Switches(streak=StreakRule(window=1, threshold=9)))
    clock_at(first)
    here.visit()
    card = here.card()
    assert card.streak_ends_at == last
    clock_at(last - timedelta(seconds=30))
    assert card_state(card.pk)[0]["streak"] == {
        "days": 1,
        "threshold": 9,
        "keep_until": last.isoformat(),
    }
    clock_at(last)
    assert card_state(card.pk)[0]["streak"]["days"] == 0
    assert here.visit()["card"]["streak"]["days"] == 1


def test_closed_weekdays_are_left_out_of_a_streak() -> None:
    Location.objects.update(opening_hours={str(day): ["9-17"] for day in (1, 2, 3, 4)})
    rule = StreakRule(window=1, threshold=9, skips_closed_days=True)
    here = shop(Switches(streak=rule))
    friday = datetime(2027, 6, 4, 10, tzinfo=UTC)
    clock_at(friday)
    here.visit()
    clock_at(friday + 4 * DAY)
    assert here.visit()["card"]["streak"]["days"] == 2


BIRTHDAY = Switches(birthday=BirthdayRule(days_before=3, days_after=3, min_past_bonuses=1))


def test_one_birthday_bonus_an_occurrence() -> None:
    here = shop(BIRTHDAY, Wanted(threshold=2))
    born(ANN, 6, 4)
    clock_at(NOON)
    got = [sources(here.visit()) for _ in range(4)]
    # The first bonus of the card opens the way for the birthday's.
    assert got == [[], ["card"], ["birthday"], ["card"]]
    clock_at(NOON.replace(year=2028))
    assert sources(here.visit()) == ["birthday"]
    occasions = Bonus.objects.filter(source="birthday").values_list("occasion", flat=True)
    assert sorted(occasions) == [f"birthday:{here.program.pk}:{year}" for year in (2027, 2028)]


def test_outside_of_the_window_and_without_past_bonuses_there_is_none() -> None:
    here = shop(Switches(birthday=BirthdayRule(3, 3, min_past_bonuses=2)), Wanted(threshold=1))
    born(ANN, 6, 5)
    clock_at(NOON)
    assert [sources(here.visit()) for _ in range(3)] == [["card"]] * 3
    clock_at(NOON + DAY)
    assert sources(here.visit()) == ["card", "birthday"]
    born(BOB, 6, 2)
    assert [sources(here.visit(BOB)) for _ in range(3)] == [
        ["card"],
        ["card"],
        ["card", "birthday"],
    ]


def test_a_changed_birthday_counts_thirty_days_later() -> None:
    here = shop(Switches(birthday=BirthdayRule(30, 30, min_past_bonuses=0)))
    born(ANN, 6, 4, birthday_counts_from=NOON + 30 * DAY)
    clock_at(NOON + 30 * DAY - timedelta(minutes=1))
    assert sources(here.visit()) == []
    clock_at(NOON + 30 * DAY)
    assert sources(here.visit()) == ["birthday"]


ALIASES = ["Ann.Smith@gmail.com", "annsmith+a@gmail.com", "a.n.n.s.m.i.t.h+b@googlemail.com"]


def test_a_mailbox_has_one_birthday_and_one_welcome() -> None:
    here = shop(Switches(welcome=Gift(), birthday=BirthdayRule(min_past_bonuses=0)))
    clock_at(NOON)
    got = []
    for alias in ALIASES:
        people.customer(alias.lower())
        born(alias.lower(), 6, 4)
        got.append(sources(here.visit(alias.lower())))
    assert got == [["welcome", "birthday"], [], []]
    assert Card.objects.filter(program=here.program).count() == 3


def test_who_enrolled_before_persons_were_told_apart_is_one() -> None:
    here = shop(Switches(welcome=Gift(), birthday=BirthdayRule(min_past_bonuses=0)))
    Customer.objects.update(person=None, mailbox="")
    born(ANN, 6, 4)
    born(BOB, 6, 4)
    clock_at(NOON)
    both = ["welcome", "birthday"]
    assert [sources(here.visit()) for _ in range(2)] == [both, []]
    assert [sources(here.visit(BOB)) for _ in range(2)] == [both, []]


def test_the_welcome_is_for_the_first_collect_anywhere() -> None:
    plain, here = shop(), shop(Switches(welcome=Gift(percent=10)))
    assert sources(here.visit()) == ["welcome"]
    plain.visit(BOB)
    assert sources(here.visit(BOB)) == []
    assert [sources(here.visit()) for _ in range(2)] == [[], []]


def test_points_come_from_the_preset_and_the_program() -> None:
    here = shop(Switches(points=3), Wanted(preset={"points": 4}))
    outcome = here.visit()
    assert (outcome["points"], outcome["card"]["points"]) == (7, 7)
    assert here.visit()["card"]["points"] == 14
    assert Card.objects.get(program=here.program).points == 14


VOUCHERS = [
    (Gift(percent=15), "15 %"),
    (Gift(amount=250), money.shown(250, currency="EUR")),
    (Gift(text="A hug"), "A hug"),
]


@pytest.mark.parametrize("is_tiered", [False, True])
@pytest.mark.parametrize(("gift", "title"), VOUCHERS)
@pytest.mark.parametrize("source", ["card", "streak"])
def test_a_voucher_goes_through_the_same_handshake(
    gift: Gift, title: str, source: str, *, is_tiered: bool
) -> None:
    rules = Switches(card=gift) if source == "card" else Switches(streak=StreakRule(1, 1, gift))
    here = shop(rules, Wanted(threshold=1 if source == "card" else 99, is_tiered=is_tiered))
    (bonus,) = here.visit(**({"amount": 500} if is_tiered else {}))["bonuses"]
    voucher = {"percent": gift.percent, "amount": gift.amount, "text": gift.text or None}
    assert (bonus["source"], bonus["product"], bonus["voucher"]) == (source, None, voucher)
    assert (bonus["title"], Bonus.objects.get().worth) == (title, gift.amount or 0)
    product = Product.objects.filter(program=here.program)[0]
    with pytest.raises(ProductUnavailable):
        ask(here, product_id=product.pk)
    seen = given(ask(here))
    assert seen.status == "confirmed"
    assert (seen.bonus["title"], seen.bonus["voucher"]) == (title, voucher)
    assert Bonus.objects.get().status == "used"
    with pytest.raises(NoBonus):
        ask(here)


def test_a_tiered_program_s_presents_are_the_cheapest_of_its_lowest_tier() -> None:
    rules = Switches(welcome=Gift(), birthday=BirthdayRule(min_past_bonuses=0))
    here = shop(rules, Wanted(is_tiered=True))
    born(ANN, 6, 1)
    clock_at(NOON)
    outcome = here.visit(amount=500)
    assert [bonus["title"] for bonus in outcome["bonuses"]] == ["Salad", "Salad"]
    birthday = outcome["bonuses"][1]
    salad = Product.objects.get(program=here.program, name="Salad")
    live = ask(here, bonus_id=birthday["id"])
    assert given(live).status == "confirmed"
    assert Bonus.objects.get(pk=birthday["id"]).product == salad
    assert Bonus.objects.get(pk=birthday["id"]).worth == 400


def test_a_bonus_ends_with_its_day_and_a_held_one_is_still_given() -> None:
    here = shop(Switches(bonus_valid_days=2, welcome=Gift(valid_days=1)), Wanted(threshold=1))
    clock_at(NOON)
    card, welcome = here.visit()["bonuses"]
    ends = [datetime(2027, 6, 3, 22, tzinfo=UTC), datetime(2027, 6, 2, 22, tzinfo=UTC)]
    assert [card["expires_at"], welcome["expires_at"]] == [end.isoformat() for end in ends]
    clock_at(ends[1])
    waiting = card_state(here.card().pk)[0]["bonuses"]
    assert [bonus["id"] for bonus in waiting] == [card["id"]]
    with pytest.raises(NoBonus):
        ask(here, bonus_id=welcome["id"])
    clock_at(ends[0] - timedelta(seconds=20))
    live = ask(here)
    clock_at(ends[0])
    assert given(live).status == "confirmed"
    assert Bonus.objects.get(pk=card["id"]).status == "used"
    after = here.visit()
    assert welcome["id"] not in [bonus["id"] for bonus in after["card"]["bonuses"]]
    clock_at(ends[0] + 3 * DAY)
    with pytest.raises(NoBonus):
        ask(here)


def test_units_that_are_over_leave_before_new_ones_come() -> None:
    here = shop(Switches(units_expire_after=2), Wanted(threshold=5))
    clock_at(NOON)
    for _ in range(4):
        here.visit()
    end = datetime(2027, 8, 1, 22, tzinfo=UTC)
    card = here.card()
    assert card.units_end_at == end
    clock_at(end - timedelta(seconds=30))
    assert card_state(card.pk)[0]["progress"][0]["open"] == 4
    clock_at(end)
    assert card_state(card.pk)[0]["progress"][0]["open"] == 0
    outcome = here.visit()
    assert (outcome["units"], outcome["bonuses"]) == (1, [])
    assert outcome["card"]["progress"][0]["open"] == 1
    entries = LedgerEntry.objects.filter(card=card).order_by("card_version", "line")
    assert list(entries.values_list("kind", "units"))[4:] == [("expire", -4), ("earn", 1)]
    assert here.card().units_end_at == datetime(2027, 10, 2, 22, tzinfo=UTC)


def test_a_running_card_keeps_its_presents_until_it_is_full() -> None:
    here = shop(Switches(streak=StreakRule(1, 2, Gift(percent=5))), Wanted(threshold=3))
    clock_at(NOON)
    here.visit()
    version = ProgramVersion.objects.get(program=here.program)
    found = publish_version(here.program.pk, stored_mechanic(version), switches=Switches())
    assert (found.cards_now, found.cards_later) == (0, 1)
    got = []
    for n in range(1, 5):
        clock_at(NOON + n * DAY)
        got.append(sources(here.visit()))
    assert got == [["streak"], ["card"], [], []]
