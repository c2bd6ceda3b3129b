"""A happy hour at the counter: dry run, code, card, ledger and books say the same number."""

from dataclasses import replace
from datetime import UTC, datetime, timedelta
from pathlib import Path
from typing import Any

import pytest

from loyalty.base.errors import ScanCap
from loyalty.base.values import BonusModel, Mechanic, Mode, OverCap, Role, SaleLine, StampMode
from loyalty.books.whole_books import wrong_in_all
from loyalty.cards.view import CollectOutcome
from loyalty.db.roundtrip import database_now
from loyalty.earning.collect import collect
from loyalty.earning.mint import SaleInput, mint, preview
from loyalty.explaining import card_lines, session_stories, shown_events
from loyalty.models import Card, EarnSession, Event, LedgerEntry, Location, Product, Program
from loyalty.programs.publish_program import MenuTier, NewProgram, publish_program
from loyalty.programs.publish_version import publish_version
from loyalty.switches import HappyHour, Switches
from loyalty.undoing.void_session import void_session
from loyalty.wording.card_text import card_text
from loyalty.wording.session_text import session_text
from tests.factories.campaigns import FIVE, published
from tests.factories.history import importing, stamp_spend
from tests.factories.people import OWNER, as_customer, as_staff, customer, place
from tests.harness.clock import clock_at

pytestmark = pytest.mark.django_db
ANN, KEY, IP = "ann@alpha.example", "k" * 32, "192.0.2.1"
# A Tuesday, in summer: 14:30 in Berlin.
HAPPY = datetime(2027, 6, 1, 12, 30, tzinfo=UTC)
SAD = HAPPY + timedelta(hours=2)
HOUR = HappyHour((1,), "14:00", "16:00", times=3)
STEP = Mechanic(BonusModel.AMOUNT_STEP, Mode.SIMPLE, StampMode.PER_AMOUNT, threshold=50, step=500)


@pytest.fixture(autouse=True)
def berlin() -> None:
    """Alpha's places are in Berlin, and Ann is a customer."""
    Location.objects.update(time_zone="Europe/Berlin")
    customer(ANN)


def sale(program: Program, **entered: Any) -> SaleInput:
    return SaleInput(program.pk, place().location_id, **entered)


def tapped(program: Program, **entered: Any) -> EarnSession:
    """A code of this very moment, for which the dry run said the same before."""
    wanted = sale(program, **entered)
    promised = preview(wanted, actor=OWNER)
    live = mint(wanted, actor=as_staff(), token_key=KEY)
    assert live.preview().units == promised.units
    assert live.preview().counted == promised.counted
    made = EarnSession.objects.get(pk=live.id)
    made.token = live.token  # type: ignore[attr-defined]  # only the tap knows it
    return made


def scanned(made: EarnSession) -> CollectOutcome:
    """What Ann gets for the code."""
    return collect(made.token, actor=as_customer(ANN), ip=IP)  # type: ignore[attr-defined]  # see above


def earned(made: EarnSession) -> int:
    """What the ledger says of it."""
    return sum(
        LedgerEntry.objects.filter(session=made, kind="earn").values_list("units", flat=True)
    )


def is_right() -> bool:
    return not list(wrong_in_all())


def test_each_unit_counts_three_times_while_it_is_on() -> None:
    program = published(Switches(happy_hour=HOUR))
    clock_at(HAPPY)
    made = tapped(program)
    assert made.units == 3
    assert made.policy["times"] == 3
    outcome = scanned(made)
    assert (outcome.units, earned(made)) == (3, 3)
    clock_at(SAD)
    made = tapped(program)
    assert (made.units, "times" in made.policy) == (1, False)
    scanned(made)
    assert is_right()


def test_the_tap_decides_and_not_the_scan() -> None:
    program = published(Switches(happy_hour=HOUR))
    clock_at(datetime(2027, 6, 1, 13, 59, 40, tzinfo=UTC))
    in_time = tapped(program)
    clock_at(datetime(2027, 6, 1, 14, 0, 30, tzinfo=UTC))
    late = tapped(program)
    assert (scanned(in_time).units, scanned(late).units) == (3, 1)
    assert is_right()


def test_the_ceiling_holds_for_what_it_comes_to() -> None:
    trimming = replace(STEP, max_units_per_scan=5)
    program = published(Switches(happy_hour=HOUR), trimming)
    clock_at(HAPPY)
    made = tapped(program, amount=1_200)
    assert (made.units, made.policy["counted"]) == (5, 6)
    scanned(made)
    assert is_right()
    refusing = published(Switches(happy_hour=HOUR), replace(trimming, over_cap=OverCap.REFUSE), "R")
    wanted = sale(refusing, amount=1_200)
    with pytest.raises(ScanCap):
        preview(wanted, actor=OWNER)
    with pytest.raises(ScanCap):
        mint(wanted, actor=as_staff(), token_key=KEY)


def test_a_hundred_cards_are_the_most_that_it_can_fill() -> None:
    program = published(Switches(happy_hour=HOUR), replace(STEP, threshold=1))
    clock_at(HAPPY)
    assert tapped(program, amount=33 * 500).units == 99
    with pytest.raises(ScanCap):
        mint(sale(program, amount=34 * 500), actor=as_staff(), token_key=KEY)


def test_money_and_pieces_count_as_often() -> None:
    total = Mechanic(BonusModel.CUMULATIVE_SPEND, Mode.SIMPLE, StampMode.PER_AMOUNT, 10_000)
    menu = (MenuTier("Small", ("Tea",)), MenuTier("Large", ("Meal",)))
    tiers = Mechanic(
        BonusModel.STAMP_COUNT, Mode.TIERED, StampMode.PER_LINE_ITEM, 9, max_units_per_scan=7
    )
    money = published(Switches(happy_hour=HOUR), total, "Money")
    pieces = publish_program(
        NewProgram("Pieces", "EUR", tiers, menu=menu, switches=Switches(happy_hour=HOUR)),
        actor=OWNER,
    )
    tea, meal = (Product.objects.get(program=pieces, name=name) for name in ("Tea", "Meal"))
    clock_at(HAPPY)
    made = tapped(money, amount=1_234)
    assert scanned(made).units == 3 * 1_234
    made = tapped(pieces, lines=(SaleLine(tea.pk, 2), SaleLine(meal.pk)))
    # Nine, of which the ceiling leaves seven: the meal's first.
    assert made.tier_units == {str(meal.tier_id): 3, str(tea.tier_id): 4}
    assert scanned(made).units == 7
    assert is_right()


def test_a_card_that_promised_it_keeps_it() -> None:
    program = published(Switches(happy_hour=HOUR), replace(FIVE, threshold=50))
    clock_at(HAPPY)
    scanned(tapped(program))
    publish_version(program.pk, replace(FIVE, threshold=50), switches=Switches(), actor=OWNER)
    made = tapped(program)
    # The code knows the newest numbers, the card its own.
    assert made.units == 1
    assert scanned(made).units == 3
    clock_at(SAD)
    assert scanned(tapped(program)).units == 1
    assert is_right()


def test_a_card_with_a_menu_that_promised_it_keeps_it_too() -> None:
    tiers = Mechanic(BonusModel.STAMP_COUNT, Mode.TIERED, StampMode.PER_LINE_ITEM, 50)
    menu = (MenuTier("Small", ("Tea",)), MenuTier("Large", ("Meal",)))
    twice = Switches(happy_hour=replace(HOUR, times=2))
    pieces = publish_program(
        NewProgram("Pieces", "EUR", tiers, menu=menu, switches=Switches(happy_hour=HOUR)),
        actor=OWNER,
    )
    tea = Product.objects.get(program=pieces, name="Tea")
    clock_at(HAPPY)
    scanned(tapped(pieces, lines=(SaleLine(tea.pk, 2),)))
    publish_version(pieces.pk, tiers, switches=twice, actor=OWNER)
    made = tapped(pieces, lines=(SaleLine(tea.pk, 2),))
    assert (made.units, scanned(made).units) == (4, 6)
    assert is_right()


def test_one_that_comes_in_is_taken_up_at_once() -> None:
    program = published(Switches(), replace(FIVE, threshold=50))
    clock_at(HAPPY)
    scanned(tapped(program))
    publish_version(
        program.pk, replace(FIVE, threshold=50), switches=Switches(happy_hour=HOUR), actor=OWNER
    )
    assert scanned(tapped(program)).units == 3
    assert is_right()


def test_what_was_decided_stays_when_the_place_moves() -> None:
    program = published(Switches(happy_hour=HOUR))
    clock_at(HAPPY)
    made = tapped(program)
    scanned(made)
    Location.objects.update(time_zone="Asia/Tokyo")
    assert made.policy["zone"] == "Europe/Berlin"
    assert is_right()


def test_an_undo_takes_all_of_it_back() -> None:
    program = published(Switches(happy_hour=HOUR))
    clock_at(HAPPY)
    first, second = tapped(program), tapped(program)
    scanned(first)
    assert len(scanned(second).bonuses) == 1
    void_session(second.pk, actor=as_staff(Role.MANAGER), reason="Wrong")
    entries = LedgerEntry.objects.filter(card__program=program).values_list("units", flat=True)
    assert sum(entries) == 3
    assert is_right()


def test_none_in_imports(tmp_path: Path) -> None:
    program = stamp_spend(switches=Switches(happy_hour=HOUR))
    importing(tmp_path, "email,date,amount\na@x.example,2024-01-09T14:30,5\n", program)
    assert EarnSession.objects.get(program=program).units == 1
    assert is_right()


def history_of(program: Program) -> list[str]:
    """The customer's history, the newest line first."""
    events = shown_events(Card.objects.filter(program=program).values_list("pk", flat=True))
    lines = card_lines(list(events.order_by("-id")))
    return [card_text(line, now=database_now()) for line in lines]


def test_history_and_explanation_tell_of_it() -> None:
    program = published(Switches(happy_hour=HOUR), replace(FIVE, max_units_per_scan=2))
    clock_at(HAPPY)
    happy = tapped(program)
    scanned(happy)
    clock_at(SAD)
    sad = tapped(program)
    scanned(sad)
    newest, first = history_of(program)
    told = "Happy hour: each counted three times."
    trimmed = "3 stamps were rung up; one scan gives at most 2 stamps."
    assert told in first
    assert trimmed in first
    assert told not in newest
    stories = session_stories([happy.pk, sad.pk], actor=OWNER)
    assert {told, trimmed} <= set(session_text(stories[happy.pk]))
    assert told not in session_text(stories[sad.pk])


def test_a_promise_of_other_hours_is_told_where_it_counted() -> None:
    program = published(Switches(happy_hour=HOUR), replace(FIVE, threshold=50))
    clock_at(HAPPY)
    scanned(tapped(program))
    twice = Switches(happy_hour=replace(HOUR, times=2))
    publish_version(program.pk, replace(FIVE, threshold=50), switches=twice, actor=OWNER)
    made = tapped(program)
    assert (made.units, scanned(made).units) == (2, 3)
    told = session_text(session_stories([made.pk], actor=OWNER)[made.pk])
    both = [line for line in told if line.startswith("Happy hour")]
    assert both == ["Happy hour: each counted twice.", "Happy hour: each counted three times."]
    assert "Happy hour: each counted three times." in history_of(program)[0]


def test_the_log_says_how_often_a_unit_counted() -> None:
    program = published(Switches(happy_hour=HOUR))
    clock_at(HAPPY)
    made = tapped(program)
    scanned(made)
    line = Event.objects.get(session_id=made.pk, kind="collected")
    assert (line.details or {})["times"] == 3
    clock_at(SAD)
    made = tapped(program)
    scanned(made)
    line = Event.objects.get(session_id=made.pk, kind="collected")
    assert "times" not in (line.details or {})
