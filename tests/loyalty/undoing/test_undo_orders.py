"""All orders of sell, confirm, cancel, undo, refund and expiry end alike."""

from collections.abc import Sequence
from dataclasses import replace
from datetime import UTC, datetime, timedelta
from pathlib import Path

import pytest

from loyalty.base.values import BonusModel, Mechanic, Mode, SaleLine, StampMode
from loyalty.books.books import wrong_books
from loyalty.books.rebuild import wrong_rebuilds
from loyalty.models import Customer, Product, Program
from loyalty.programs.publish_program import NewProgram, publish_program
from loyalty.switches import NONE, BirthdayRule, Reward, StreakRule, Switches
from tests.factories.history import importing, stamp_spend
from tests.factories.orders import (
    Deed,
    Life,
    back,
    ends,
    give,
    sell,
    sweep,
    think_better,
    undo,
    undo_imported,
)
from tests.factories.people import OWNER
from tests.factories.undoing import WITH, levels, programs

pytestmark = pytest.mark.django_db
START = datetime(2027, 5, 3, 8, tzinfo=UTC)
HOUR = timedelta(hours=1)
CLASSIC = Mechanic(BonusModel.STAMP_COUNT, Mode.SIMPLE, StampMode.PER_VISIT, threshold=3)


def stamps(switches: Switches = NONE, rules: Mechanic = CLASSIC, name: str = "A") -> Program:
    return publish_program(
        NewProgram(name, "EUR", rules, gives="Tea", switches=switches), actor=OWNER
    )


def sales(program: Program, count: int, *, first: int = 1) -> list[Deed]:
    """So many sales of one stamp, an hour apart, one after the other."""
    numbers = range(first, first + count)
    return [
        sell(n, program, {}, at=START + n * HOUR, after=[f"sell {n - 1}"] if n > 1 else ())
        for n in numbers
    ]


def end_alike(begun: Sequence[Deed], deeds: Sequence[Deed]) -> int:
    """Play what has `begun`, then the deeds in every order; the number of orders."""
    life = Life(START)
    life.clock(START)
    for deed in begun:
        assert deed.do(life), deed.name
    done = tuple(deed.name for deed in begun)
    left = [Deed(d.name, d.do, tuple(n for n in d.after if n not in done)) for d in deeds]
    first, count = None, 0
    for order, end in ends(left, life):
        first = first or (order, end)
        count += 1
        assert end == first[1], (first[0], order)
        wrong = [*wrong_books(), *wrong_rebuilds()]
        assert wrong == [], (order, wrong)
    return count


def test_one_bonus() -> None:
    begun = sales(stamps(), 3)
    orders = end_alike(begun, [give("tea", source="card"), back("tea"), undo(1)])
    assert orders == 2


def test_sales_before_and_after() -> None:
    deeds = [*sales(stamps(), 4), give("tea", source="card"), back("tea"), undo(2), undo(3)]
    assert end_alike(deeds[:3], deeds[3:]) > 20


def test_sales_between_two_undos_whose_bonuses_were_used() -> None:
    tea, more = give("tea", source="card"), give("more", "give tea", source="card")
    begun = sales(stamps(), 8)
    deeds = [back("tea"), undo(1), undo(4), *begun[6:]]
    assert end_alike([*begun[:6], tea, more], deeds) == 60


def test_several_bonuses() -> None:
    tea, more = give("tea", source="card"), give("more", "give tea", source="card")
    deeds = [tea, more, back("tea"), back("more"), undo(1), undo(4)]
    assert end_alike(sales(stamps(), 6), deeds) > 20


def test_given_again() -> None:
    again = give("again", "refund tea", source="card")
    deeds = [give("tea", source="card"), back("tea"), again, back("again"), undo(1), undo(4)]
    assert end_alike(sales(stamps(), 5), deeds) > 5


def test_everything_of_one_bonus_and_a_request_that_is_cancelled() -> None:
    deeds = [give("tea", source="card"), back("tea"), undo(1), think_better(source="card")]
    assert end_alike(sales(stamps(), 6), deeds) > 5


def test_a_streak_whose_bonus_was_used() -> None:
    days = Switches(streak=StreakRule(window=1, threshold=2, freezes=1), bonus_valid_days=9)
    program, day = stamps(days, replace(CLASSIC, threshold=99)), 24 * HOUR
    moments = [START + n * day for n in (1, 2, 3, 4, 5)]
    begun = [
        sell(n, program, {}, at=at, after=[f"sell {n - 1}"] if n > 1 else ())
        for n, at in enumerate(moments, start=1)
    ]
    given = [give("one", source="streak"), give("two", "give one", source="streak")]
    assert end_alike(begun[:4], [*given, back("one"), undo(2), begun[4]]) > 20


@pytest.mark.parametrize("source", ["welcome", "birthday", "level"])
def test_what_a_person_gets_once(source: str) -> None:
    levels()
    Customer.objects.filter(email=WITH).update(birth_month=5, birth_day=3)
    gifts = Switches(
        points=30,
        welcome=Reward(text="Hello"),
        birthday=BirthdayRule(days_before=5, days_after=5, min_past_bonuses=1),
        bonus_valid_days=9,
    )
    one, other = stamps(gifts), stamps(replace(gifts, points=20), name="B")
    begun = [
        sell(1, one, {}, at=START + HOUR),
        sell(2, other, {}, at=START + 2 * HOUR, after=["sell 1"]),
        sell(3, one, {}, at=START + 3 * HOUR, after=["sell 2"]),
        sell(4, other, {}, at=START + 4 * HOUR, after=["sell 3"]),
    ]
    given = [give("it", source=source), back("it"), undo(1), undo(2)]
    assert end_alike(begun[:3], [*begun[3:], *given]) > 5


def test_tiers_that_count_for_themselves() -> None:
    program = programs()[2]
    small, large = Product.objects.filter(program=program).order_by("tier__rank")
    both = {"lines": (SaleLine(small.pk, 2), SaleLine(large.pk, 3))}
    begun = [
        sell(n, program, both, at=START + n * HOUR, after=[f"sell {n - 1}"] if n > 1 else ())
        for n in (1, 2, 3)
    ]
    first = give("s", source="card", tier=small.tier_id)
    given = [first, give("l", "give s", source="card", tier=large.tier_id)]
    deeds = [*given, back("s"), back("l"), undo(1)]
    assert end_alike(begun, deeds) > 10


def test_money_that_forfeits_what_is_over() -> None:
    program = programs()[1]
    begun = [
        sell(n, program, {"amount": amount}, at=START + n * HOUR, after=[f"sell {n - 1}"][: n - 1])
        for n, amount in enumerate((700, 600, 1100, 350, 900), start=1)
    ]
    more = give("more", "give lunch", source="card")
    deeds = [back("lunch"), undo(1), undo(3), begun[4]]
    assert end_alike([*begun[:4], give("lunch", source="card"), more], deeds) == 24


def test_bonuses_that_are_over() -> None:
    program = stamps(Switches(bonus_valid_days=2))
    round_of = sweep(at=START + timedelta(days=5))
    deeds = [give("tea", source="card"), back("tea"), undo(1), round_of]
    assert end_alike([*sales(program, 3), deeds[0]], deeds[1:]) == 6


def test_imported_visits(tmp_path: Path) -> None:
    program = stamp_spend(switches=Switches(points=3, welcome=Reward(text="Hello")))
    life = Life(START)
    life.clock(START)
    lines = "".join(f"{WITH},2027-04-0{day},22.00\n" for day in (1, 2))
    importing(tmp_path, f"email,date,amount\n{lines}", program)
    begun = [sell(1, program, {"amount": 1100}, at=START + HOUR)]
    given = [give("disc", source="card"), give("hello", source="welcome")]
    deeds = [*given, back("disc"), undo(1), undo_imported()]
    assert end_alike(begun, deeds) > 20
