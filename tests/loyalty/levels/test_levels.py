"""Levels from the counter on: points, the rise and its gift, the way down, the limit on rises."""

from datetime import UTC, datetime, timedelta
from typing import Any

import pytest

from graphql_api.types.card import card as presented
from loyalty.base.values import Role
from loyalty.cards.reads import card_view
from loyalty.cards.view import CollectOutcome
from loyalty.levels.limits import NewLevel, NewLevelTable
from loyalty.levels.set_levels import set_levels
from loyalty.models import Bonus, Card, Customer, EarnSession, Event, Program
from loyalty.switches import Reward, Switches
from loyalty.undoing.void_session import void_session
from tests.factories.campaigns import DAY, Move, books_are_right, now, published, visit
from tests.factories.people import OWNER, as_customer, as_staff

pytestmark = pytest.mark.django_db
BRONZE = NewLevel("Bronze", 2)
SILVER = NewLevel("Silver", 4, percent=200, gift=Reward(percent=20, valid_days=30))
GOLD = NewLevel("Gold", 8, gift=Reward(text="A bag of beans"))


def level_table(**numbers: Any) -> None:
    wanted = NewLevelTable((BRONZE, SILVER, GOLD), **numbers)
    set_levels(wanted, actor=as_staff(Role.OWNER))


def shop(name: str = "Lunch") -> Program:
    return published(Switches(points=1), name=name)


def level(outcome: CollectOutcome) -> tuple[str, str | None, int | None]:
    found = outcome.card.level
    assert found
    return found.name, found.next, found.missing


def level_now(program: Program) -> tuple[str, str | None, int | None]:
    """As a fresh read of the card presents it to the API."""
    card = Card.objects.get(program=program, customer_id=as_customer("ann@alpha.example").id)
    shown = presented(card_view(card.pk, actor=OWNER), site_url="")
    above = shown.next_level
    name = shown.level.name if shown.level else ""
    return name, above.name if above else None, above.missing_points if above else None


def points() -> list[int]:
    return list(EarnSession.objects.order_by("id").values_list("points_given", flat=True))


def level_index() -> int:
    return Customer.objects.get(email="ann@alpha.example").level_rung


def test_after_each_scan_the_customer_sees_what_is_missing() -> None:
    level_table()
    program = shop()
    seen = [level(visit(program)) for _ in range(7)]
    assert seen == [
        ("", "Bronze", 1),
        ("Bronze", "Silver", 2),
        ("Bronze", "Silver", 1),
        ("Silver", "Gold", 4),
        # From here on each point counts twice.
        ("Silver", "Gold", 2),
        ("Gold", None, None),
        ("Gold", None, None),
    ]
    assert points() == [1, 1, 1, 1, 2, 2, 1]
    assert level_now(program) == ("Gold", None, None)
    assert books_are_right()


def test_a_rise_gives_its_voucher_on_the_card_that_was_scanned() -> None:
    level_table()
    lunch, dinner = shop(), shop("Dinner")
    for _ in range(3):
        assert visit(lunch).bonuses == ()
    outcome = visit(dinner)
    (raised,) = outcome.bonuses
    assert (raised.source, raised.is_voucher, raised.percent) == ("level", True, 20)
    bonus = Bonus.objects.get()
    assert (bonus.card_id, bonus.card.program_id) == (outcome.card.id, dinner.pk)
    assert bonus.level is not None
    assert bonus.level.name == "Silver"
    assert bonus.expires_at is not None
    assert 30 <= (bonus.expires_at - now()) / DAY <= 32
    assert Event.objects.filter(kind="collected").latest("id").details == {
        "bonuses": [bonus.pk],
        "ladder": Event.objects.get(kind="levels_set").pk,
        "level": bonus.level_id,
    }
    # The level is the business's: it shows on the other card too, and is given once.
    assert level_now(lunch) == ("Silver", "Gold", 4)
    assert visit(dinner).bonuses == ()


def test_one_scan_may_rise_by_two_levels() -> None:
    level_table()
    outcome = visit(published(Switches(points=9)))
    assert level(outcome) == ("Gold", None, None)
    assert [each.title for each in outcome.bonuses] == ["20 %", "A bag of beans"]


def test_the_way_down_takes_the_period_and_the_grace(move_clock: Move) -> None:
    level_table(period_days=100, grace_days=10)
    program = shop()
    for _ in range(4):
        visit(program)
    move_clock(99 * DAY)
    assert level_now(program) == ("Silver", "Gold", 4)
    # The points are over, the grace is not.
    move_clock(101 * DAY)
    assert level_now(program) == ("Silver", "Gold", 8)
    move_clock(109 * DAY)
    assert level_now(program) == ("Silver", "Gold", 8)
    move_clock(110 * DAY + timedelta(hours=1))
    assert level_now(program) == ("", "Bronze", 2)
    assert level_index() == 2
    # The next visit counts once again, and begins at the bottom.
    assert level(visit(program)) == ("", "Bronze", 1)
    assert (points()[-1], level_index()) == (1, 0)
    assert level(visit(program))[0] == "Bronze"


def test_a_level_that_was_lost_gives_its_voucher_again_in_another_year(move_clock: Move) -> None:
    level_table(period_days=10, grace_days=0)
    program = shop()
    counts = []
    today = datetime.now(tz=UTC)
    first = datetime(today.year + 1, 2, 1, tzinfo=UTC) - today
    # February, March, and February of the year after.
    for shift in (first, first + 40 * DAY, first + 366 * DAY):
        move_clock(shift)
        for _ in range(4):
            visit(program)
        counts.append(Bonus.objects.filter(source="level").count())
    assert counts == [1, 1, 2]


def test_a_level_gift_that_was_used_is_not_given_again_for_a_sale_taken_back() -> None:
    level_table()
    program = shop()
    for _ in range(3):
        visit(program)
    for _ in range(3):
        outcome = visit(program)
        Bonus.objects.filter(source="level").update(status="used")
        void_session(outcome.session_id, actor=as_staff(Role.MANAGER), reason="again")
    assert Bonus.objects.filter(source="level").count() == 1


def test_too_many_rises_are_held(move_clock: Move) -> None:
    level_table(most_rises=1, rises_within_days=7)
    program = shop()
    for _ in range(3):
        visit(program)
    assert level_index() == 1
    outcome = visit(program)
    assert outcome.bonuses == ()
    assert level(outcome) == ("Bronze", "Silver", 0)
    ann = Customer.objects.get(email="ann@alpha.example")
    assert (ann.level_rung, len(ann.level_rises)) == (1, 1)
    assert ann.level_held_at is not None
    details = Event.objects.filter(kind="collected").latest("id").details
    set_by = Event.objects.get(kind="levels_set").pk
    assert details == {"bonuses": [], "ladder": set_by, "level": "held"}
    # Held, not lost: when the window is over, the next visit lifts.
    move_clock(8 * DAY)
    outcome = visit(program)
    assert level(outcome)[0] == "Silver"
    assert [each.source for each in outcome.bonuses] == ["card", "level"]
    assert Customer.objects.get(pk=ann.pk).level_held_at is None


def test_a_changed_ladder_lifts_nobody_before_their_next_visit() -> None:
    level_table()
    program = shop()
    for _ in range(3):
        visit(program)
    lower = NewLevelTable((BRONZE, NewLevel("Silver", 3, gift=Reward(percent=20)), GOLD))
    set_levels(lower, actor=as_staff(Role.OWNER))
    assert level_now(program) == ("Bronze", "Silver", 0)
    assert Bonus.objects.count() == 0
    assert level(visit(program))[0] == "Silver"
    # And the top is as far away as before when what is below it goes.
    set_levels(NewLevelTable((SILVER, GOLD)), actor=as_staff(Role.OWNER))
    assert level_now(program) == ("Silver", "Gold", 4)
    assert Bonus.objects.filter(source="level").count() == 1


def test_without_levels_there_is_none() -> None:
    program = shop()
    assert visit(program).card.level is None
    level_table()
    assert level_now(program)[0] == ""
