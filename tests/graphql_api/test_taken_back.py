"""A sale that was taken back, told with everything that went with it."""

from collections.abc import Callable
from datetime import timedelta
from typing import Any

import pytest

from graphql_api.ids import global_id
from loyalty.base.values import BonusModel, Mechanic, Mode, Role, StampMode
from loyalty.books.books import wrong_books
from loyalty.explaining.card_lines import card_lines
from loyalty.models import Bonus, Card, Event, Level, Location, Program
from loyalty.programs.publish_program import NewProgram, publish_program
from loyalty.redeeming.decide_redemption import RedemptionVerdict, decide_redemption
from loyalty.redeeming.preview_redemption import RedemptionSelector
from loyalty.redeeming.request_bonus import BonusRequest, request_bonus
from loyalty.switches import Reward, StreakRule, Switches
from loyalty.undoing.void_session import void_session
from loyalty.wording.card_text import card_text
from loyalty.wording.moments import moment, one_stop
from tests.factories import people
from tests.factories.people import OWNER, as_customer, as_staff, place
from tests.factories.perks import MENU, PRICES
from tests.factories.sales import ANN, IP, KEY, made, redeemed, sold
from tests.harness.asking import told

pytestmark = pytest.mark.django_db
Move = Callable[[timedelta], None]
HISTORY = """query ($id: ID!) { card(id: $id) {
  history(first: 1) { edges { node { kind units unitsAfter points text } } } } }"""
EXPLAIN = "query ($id: ID!) { explain(sessionId: $id) }"
BY_TIER = Mechanic(BonusModel.STAMP_COUNT, Mode.TIERED, StampMode.PER_VISIT, threshold=2)


@pytest.fixture(autouse=True)
def _whole_hour(move_clock: Move) -> None:
    move_clock(timedelta(0))


def newest(program: Program | None = None) -> Any:
    """What the customer reads first."""
    card = Card.objects.get(program=program) if program else Card.objects.get()
    found = told(HISTORY, token=people.customer(ANN).token, id=global_id("Card", card.pk))
    return found.data["history"]["edges"][0]["node"]


def taken_back(session: int, program: Program | None = None) -> Any:
    """The line that the customer then reads."""
    void_session(session, actor=as_staff(Role.MANAGER), reason="Mira was wrong")
    line = newest(program)
    assert line["kind"] == "VOIDED"
    assert "Mira" not in line["text"]
    return line


def explained(session: int) -> str:
    """What managers read last."""
    token = people.staff(Role.MANAGER).token
    lines = told(EXPLAIN, token=token, id=global_id("EarnSession", session)).data
    assert "@" not in str(lines)
    return str(lines[-1])


def test_units_and_points_are_less() -> None:
    sold()
    session = sold(preset_id=place().preset_id)
    line = taken_back(session)
    assert line["text"] == "Taken back by the counter: 1 stamp less. 1 point less."
    assert (line["units"], line["unitsAfter"], line["points"]) == (-1, 1, -1)
    assert explained(session) == "With it went: 1 stamp less. 1 point less."
    assert Event.objects.get(kind="voided").details == {
        "reason": "Mira was wrong",
        "was": "collected",
        "owed": {"units": [], "bonuses": 0, "streaks": 0},
        "undone": {},
    }


def test_a_card_that_was_full_is_open_again_and_its_bonus_gone() -> None:
    sessions = [sold() for _ in range(5)]
    line = taken_back(sessions[1])
    said = (
        "The full card is open again: what was on it counts. A bonus was taken away: Free coffee."
    )
    assert line["text"] == f"Taken back by the counter: 1 stamp less. {said}"
    assert explained(sessions[1]) == f"With it went: 1 stamp less. {said}"
    assert line["unitsAfter"] == 4


def test_another_visit_that_fills_the_card_is_named(move_clock: Move) -> None:
    sessions = []
    for hour in range(11):
        move_clock(timedelta(hours=hour))
        sessions.append(sold())
    line = taken_back(sessions[0])
    # Of eleven visits the fifth and the tenth had filled it; now the sixth and the last do.
    said = "Other visits fill 2 cards instead."
    assert line["text"] == f"Taken back by the counter: 1 stamp less. {said}"
    line = taken_back(sessions[10])
    said = (
        "The full card is open again: what was on it counts. A bonus was taken away: Free coffee."
    )
    assert line["text"] == f"Taken back by the counter: 1 stamp less. {said}"
    line = taken_back(sessions[5])
    at = moment(Event.objects.get(kind="collected", session_id=sessions[6]).at, "Europe/Berlin")
    said = one_stop(f"Another visit fills the card instead: {at}.")
    assert line["text"] == f"Taken back by the counter: 1 stamp less. {said}"
    assert explained(sessions[5]) == f"With it went: 1 stamp less. {said}"
    assert list(wrong_books()) == []


def test_one_card_opens_and_another_visit_fills_the_one_before(move_clock: Move) -> None:
    sessions = []
    for hour in range(10):
        move_clock(timedelta(hours=hour))
        sessions.append(sold())
    line = taken_back(sessions[0])
    at = moment(Event.objects.get(kind="collected", session_id=sessions[5]).at, "Europe/Berlin")
    assert line["text"] == (
        "Taken back by the counter: 1 stamp less."
        " The last full card is open again: what was on it counts. "
        + one_stop(f"An earlier card is filled by another visit now: {at}.")
        + " A bonus was taken away: Free coffee."
    )


def test_a_used_bonus_stays_and_is_owed() -> None:
    sessions = [sold() for _ in range(5)]
    redeemed(Card.objects.get())
    line = taken_back(sessions[4])
    kept = "A bonus was used already and stays given: Free coffee."
    assert line["text"] == (
        f"Taken back by the counter: 1 stamp less. {kept}"
        " You owe 1 stamp for what was used already; the next one pays."
    )
    assert line["unitsAfter"] == -1
    assert explained(sessions[4]).endswith(
        f" {kept} The card owes 1 stamp for what was used already; the next one pays."
    )
    more = taken_back(sessions[3])
    assert more["text"].endswith(
        " less. You owe 2 stamps for what was used already; the next ones pay."
    )
    for said in (
        " That goes to what was owed; still to pay: 1 stamp.",
        " That pays what was owed.",
        "1 stamp at Alpha Coffee.",
    ):
        sold()
        assert newest()["text"].endswith(said)
    assert list(wrong_books()) == []


def test_a_debt_of_one_tier_names_it() -> None:
    program = publish_program(
        NewProgram("Lunch", "EUR", BY_TIER, menu=MENU, prices=PRICES), actor=OWNER
    )
    pasta = program.products.get(name="Pasta").pk
    sessions = [sold(program, product_id=pasta) for _ in range(2)]
    bonus = Bonus.objects.get()
    Bonus.objects.filter(pk=bonus.pk).update(status="used")
    line = taken_back(sessions[1], program)
    assert "A bonus was used already and stays given: Any Main or lower." in line["text"]
    assert line["text"].endswith(
        " You owe 1 stamp of Main for what was used already; the next one pays."
    )


def test_a_used_bonus_is_named_as_it_was_given() -> None:
    program = publish_program(
        NewProgram("Lunch", "EUR", BY_TIER, menu=MENU, prices=PRICES), actor=OWNER
    )
    pasta, soup = (program.products.get(name=name).pk for name in ("Pasta", "Soup"))
    sessions = [sold(program, product_id=pasta) for _ in range(2)]
    wish = BonusRequest(Card.objects.get(program=program).pk, product_id=soup)
    live = request_bonus(wish, actor=as_customer(ANN), token_key=KEY)
    decide_redemption(
        RedemptionSelector(token=live.token),
        RedemptionVerdict.CONFIRMED,
        location_id=place().location_id,
        actor=as_staff(),
        ip=IP,
    )
    line = taken_back(sessions[1], program)
    assert " A bonus was used already and stays given: Soup. " in line["text"]


def test_money_is_owed_as_money() -> None:
    spend = Mechanic(BonusModel.CUMULATIVE_SPEND, Mode.SIMPLE, StampMode.PER_AMOUNT, threshold=1000)
    program = publish_program(NewProgram("Dinner", "EUR", spend, gives="Dinner"), actor=OWNER)
    session = sold(program, amount=1250)
    Bonus.objects.update(status="used")
    line = taken_back(session, program)
    assert line["text"].startswith("Taken back by the counter: €12.50 less. ")
    assert line["text"].endswith(
        " You owe €10.00 for what was used already; the next sales pay it."
    )


def test_streak_level_and_what_they_gave_are_named() -> None:
    Location.objects.update(name="Main Street")
    gift = {"text": "A cake", "title": "A cake"}
    Level.objects.create(name="Bronze", threshold=2)
    Level.objects.create(name="Silver", threshold=3, gift=gift, percent=200)
    streak = StreakRule(window=3, threshold=1, gift=Reward(percent=10))
    switches = Switches(points=1, streak=streak, welcome=Reward(text="A cookie"))
    rules = Mechanic(BonusModel.STAMP_COUNT, Mode.SIMPLE, StampMode.PER_VISIT, threshold=9)
    program = publish_program(
        NewProgram("Tea", "EUR", rules, gives="Tea", switches=switches), actor=OWNER
    )
    sessions = [sold(program) for _ in range(3)]
    line = taken_back(sessions[2], program)
    assert line["text"] == (
        "Taken back by the counter: 1 stamp less. 1 point less. A bonus was taken away: A cake."
        " The level is Bronze instead of Silver."
    )
    line = taken_back(sessions[1], program)
    assert line["text"].endswith(" The level Bronze is not reached any more.")
    Bonus.objects.filter(source="streak").update(status="used")
    line = taken_back(sessions[0], program)
    assert "A bonus was taken away: A cookie." in line["text"]
    assert "A bonus was used already and stays given: 10 %." in line["text"]
    assert "For it, the next bonus for visits in a row is left out." in line["text"]
    assert line["text"].endswith(" The streak begins anew.")


def test_a_shorter_streak_is_said_in_days(move_clock: Move) -> None:
    streak = StreakRule(window=3, threshold=9, gift=Reward(percent=10))
    rules = Mechanic(BonusModel.STAMP_COUNT, Mode.SIMPLE, StampMode.PER_VISIT, threshold=9)
    new = NewProgram("Tea", "EUR", rules, gives="Tea", switches=Switches(streak=streak))
    program = publish_program(new, actor=OWNER)
    sold(program)
    move_clock(timedelta(days=1))
    session = sold(program)
    line = taken_back(session, program)
    assert line["text"].endswith(" The streak is 1 day instead of 2.")


def test_what_had_not_counted_says_so() -> None:
    session, _ = made()
    void_session(session, actor=as_staff(), reason=None)
    assert explained(session) == "It had not counted yet."


def test_an_older_line_names_what_it_knows() -> None:
    sessions = [sold() for _ in range(5)]
    void_session(sessions[0], actor=as_staff(), reason=None)
    # Lines are never changed: this one stands for those written before undos were told in full.
    event = Event.objects.get(kind="voided")
    event.details = {"reason": "", "was": "collected"}
    assert [card_text(line, now=event.at) for line in card_lines([event])] == [
        "Taken back by the counter: 1 stamp less."
    ]
