"""Taking back and giving late are refused by no budget, and give back just what was counted."""

from datetime import UTC, datetime, timedelta
from pathlib import Path

import pytest

from loyalty.base.values import BonusModel, Mechanic, Mode, Role, StampMode
from loyalty.books.whole_books import wrong_in_all
from loyalty.earning.collect import collect
from loyalty.earning.mint import SaleInput, mint
from loyalty.explaining.card_lines import shown_events
from loyalty.levels.limits import NewLevel, NewLevelTable
from loyalty.levels.set_levels import set_levels
from loyalty.models import Bonus, EarnSession, Program, ProgramBudget
from loyalty.programs.budget import Budget
from loyalty.programs.publish_program import NewProgram, publish_program
from loyalty.switches import NONE, Reward, StreakRule, Switches
from loyalty.undoing.void_session import void_session
from loyalty.waiting.queue_session import QueueAsker, queue_session
from tests.factories.history import importing
from tests.factories.people import OWNER, as_customer, as_staff, customer, place
from tests.factories.undoing import IP, KEY, NEVER, WITH, granted, refund, sold, used
from tests.harness.clock import clock_at

pytestmark = pytest.mark.django_db
OTHER = "ann+b@alpha.example"
START = datetime(2027, 5, 3, 8, tzinfo=UTC)
FIVE, TEN = {"amount": 500}, {"amount": 1000}
HI = Switches(welcome=Reward(text="Hi"))
STREAK = Switches(
    streak=StreakRule(window=2, threshold=2, gift=Reward(text="Yo")), welcome=Reward(text="Hi")
)
SILVER = NewLevelTable((NewLevel("Silver", 4, gift=Reward(percent=10)),))
ZOE = "email,time,amount\nzoe@alpha.example,2024-01-01T12:00,10.00\n"


@pytest.fixture(autouse=True)
def customers() -> None:
    for email in (WITH, NEVER):
        customer(email)


def program(most: int | None = None, switches: Switches = NONE, *, threshold: int = 9) -> Program:
    rules = Mechanic(
        BonusModel.AMOUNT_STEP, Mode.SIMPLE, StampMode.PER_AMOUNT, threshold=threshold, step=500
    )
    budget = None if most is None else Budget(most_bonuses=most)
    return publish_program(
        NewProgram("S", "USD", rules, gives="A disc", switches=switches, budget=budget), actor=OWNER
    )


def void(session: int) -> None:
    void_session(session, actor=as_staff(Role.MANAGER), reason="a mistake")
    assert EarnSession.objects.get(pk=session).status == "voided"


def stands() -> list[tuple[str, str, str, bool | None]]:
    """Who has what, and whether it was counted."""
    assert wrong_in_all() == []
    there = Bonus.objects.exclude(status="void")
    names = ("card__customer__email", "source", "status", "counted_in_budget")
    return sorted(there.values_list(*names))


def counted() -> int:
    """What the one budget has counted."""
    return ProgramBudget.objects.values_list("bonuses", flat=True).get()


def imported() -> int:
    """The imported session."""
    return EarnSession.objects.get(import_key__isnull=False).pk


def test_an_undo_gives_the_welcome_of_a_spent_program_at_the_same_address() -> None:
    plain, greets = program(), program(1, HI)
    first = sold(WITH, plain, FIVE)
    second = sold(WITH, greets, FIVE)
    third = sold(NEVER, greets, FIVE)
    void(first)
    assert stands() == [(WITH, "welcome", "waiting", False), (NEVER, "welcome", "waiting", True)]
    assert counted() == 1
    void(second)
    assert (stands(), counted()) == ([(NEVER, "welcome", "waiting", True)], 1)
    void(third)
    assert (stands(), counted()) == ([], 0)


def test_a_refund_gives_the_welcome_of_a_spent_program() -> None:
    one, two = program(None, HI), program(1, HI)
    first, redemption = sold(WITH, one, FIVE), used("welcome")
    sold(WITH, two, FIVE)
    sold(NEVER, two, FIVE)
    void(first)
    assert refund(redemption) == "refunded"
    assert stands() == [(WITH, "welcome", "waiting", False), (NEVER, "welcome", "waiting", True)]
    assert counted() == 1


@pytest.mark.parametrize("by", ["sign in", "scan"])
def test_a_late_scan_gets_the_streak_of_a_spent_program(by: str) -> None:
    streaks, other = program(1, STREAK), program()
    clock_at(START - timedelta(days=30))
    sold(WITH, other, FIVE)
    clock_at(START)
    made = mint(
        SaleInput(streaks.pk, place().location_id, amount=500), actor=as_staff(), token_key=KEY
    )
    queue_session(made.token or "", typed=WITH, who=QueueAsker(ip=IP), token_key=KEY)
    clock_at(START + timedelta(days=1))
    sold(WITH, streaks, FIVE)
    sold(NEVER, streaks, FIVE)
    if by == "scan":
        collect(made.token or "", actor=as_customer(WITH), ip=IP)
    else:
        granted(WITH)
    assert EarnSession.objects.get(pk=made.id).status == "collected"
    assert stands() == [(WITH, "streak", "waiting", False), (NEVER, "welcome", "waiting", True)]
    assert counted() == 1


def test_an_imported_sale_gives_nothing_back(tmp_path: Path) -> None:
    stamps = program(1, threshold=2)
    importing(tmp_path, ZOE, stamps)
    sold(WITH, stamps, TEN)
    assert counted() == 1
    void(imported())
    assert (stands(), counted()) == ([(WITH, "card", "waiting", True)], 1)


def test_nor_does_one_to_a_budget_that_is_whole(tmp_path: Path) -> None:
    importing(tmp_path, ZOE, program(1, threshold=2))
    void(imported())
    assert (stands(), counted()) == ([], 0)


def test_a_level_that_is_no_more_is_the_businesss_still() -> None:
    set_levels(SILVER, actor=as_staff(Role.OWNER))
    points = program(5, Switches(points=5))
    first = sold(WITH, points, FIVE)
    set_levels(NewLevelTable(()), actor=as_staff(Role.OWNER))
    void(first)
    assert (stands(), counted()) == ([], 0)


def test_nor_does_it_need_room_in_a_budget() -> None:
    set_levels(SILVER, actor=as_staff(Role.OWNER))
    other = program(None, Switches(points=5))
    first = sold(WITH, other, FIVE)
    points = program(1, Switches(points=5, welcome=Reward(text="Hi")))
    sold(WITH, points, FIVE)
    sold(NEVER, points, FIVE)
    set_levels(NewLevelTable(()), actor=as_staff(Role.OWNER))
    void(first)
    assert [each[:2] for each in stands() if each[3]] == [(NEVER, "welcome")]
    assert counted() == 1


def test_what_was_over_before_it_is_passed_on_is_neither_paid_nor_told(tmp_path: Path) -> None:
    short = program(9, Switches(welcome=Reward(text="Hi", valid_days=6)))
    first = sold(WITH, short, FIVE)
    customer(OTHER)
    importing(tmp_path, f"email,time,amount\n{OTHER},2024-01-01T12:00,5.00\n", short)
    lines = shown_events([Bonus.objects.get().card_id]).count()
    void(first)
    assert (stands(), counted()) == ([(OTHER, "welcome", "expired", False)], 0)
    assert shown_events([Bonus.objects.exclude(status="void").get().card_id]).count() == 1
    assert shown_events([Bonus.objects.filter(status="void").get().card_id]).count() == lines + 1


@pytest.mark.parametrize("source", ["card", "level", "import"])
def test_what_an_earlier_release_gave_goes_as_it_counted_it(source: str, tmp_path: Path) -> None:
    set_levels(SILVER, actor=as_staff(Role.OWNER))
    here = program(9, Switches(points=5) if source == "level" else NONE, threshold=2)
    sold(NEVER, here, TEN)
    if source == "import":
        importing(tmp_path, ZOE, here)
    first = imported() if source == "import" else sold(WITH, here, TEN)
    # It did not say so, and counted all but the levels' and the imported ones.
    Bonus.objects.update(counted_in_budget=None)
    before = counted()
    void(first)
    assert counted() == before - (0 if source == "import" else 1) == 1


def test_what_an_earlier_release_gave_back_too_often_refuses_no_undo() -> None:
    here = program(9, threshold=2)
    first = sold(WITH, here, TEN)
    ProgramBudget.objects.update(bonuses=0)
    void(first)
    assert (stands(), counted()) == ([], 0)
