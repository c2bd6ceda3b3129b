"""What becomes of a bonus that is put back: it waits, unless nothing gives it any more."""

from collections.abc import Callable
from datetime import timedelta

import pytest
from django.db import transaction

from loyalty.base.errors import NoBonus, RedemptionCancelled
from loyalty.base.values import Role
from loyalty.books.books import wrong_books
from loyalty.books.rebuild import wrong_rebuilds
from loyalty.db.roundtrip import database_now
from loyalty.explaining.card_lines import card_lines
from loyalty.levels.limits import NewLevel, NewLevelTable
from loyalty.levels.set_levels import set_levels
from loyalty.models import Bonus, Event, ProgramBudget, Redemption
from loyalty.people.set_birthday import DayOfYear, set_birthday
from loyalty.redeeming.cancel_redemption import cancel_redemption
from loyalty.redeeming.decide_redemption import RedemptionVerdict, decide_redemption
from loyalty.redeeming.preview_redemption import RedemptionSelector, preview_redemption
from loyalty.redeeming.request_bonus import BonusRequest, request_bonus
from loyalty.switches import NONE, BirthdayRule, Reward, StreakRule, Switches
from loyalty.undoing.void_session import void_session
from loyalty.wording.card_text import card_text
from tests.factories.history import stamp_spend
from tests.factories.people import as_customer, as_staff, place
from tests.factories.undoing import IP, KEY, WITH, refund, sold, used

pytestmark = pytest.mark.django_db
Move = Callable[[timedelta], None]
SWITCHES = {
    "welcome": Switches(welcome=Reward(text="Hi")),
    "birthday": Switches(birthday=BirthdayRule(days_before=5, days_after=5, min_past_bonuses=0)),
    "level": Switches(points=5),
}
OF_OCCASIONS = pytest.mark.parametrize("source", SWITCHES)


def begun(source: str) -> tuple[int, int]:
    """A sale that gave such a bonus, and the redemption by which it was used."""
    silver = NewLevel("Silver", 4, gift=Reward(percent=10))
    set_levels(NewLevelTable((silver,)), actor=as_staff(Role.OWNER))
    program = stamp_spend(switches=SWITCHES[source])
    ProgramBudget.objects.create(program=program)
    today = database_now()
    set_birthday(DayOfYear(today.month, today.day), actor=as_customer(WITH))
    first, redemption = sold(WITH, program, {"amount": 500}), used(source)
    return first, redemption


def take_back(session: int) -> None:
    void_session(session, actor=as_staff(Role.MANAGER), reason="a mistake")


def told() -> str:
    (line,) = card_lines(list(Event.objects.filter(kind="refunded")))
    return card_text(line, now=database_now())


def wrong() -> list[object]:
    return [*wrong_books(), *wrong_rebuilds()]


@OF_OCCASIONS
def test_a_bonus_whose_sale_is_gone_does_not_wait_again(source: str) -> None:
    sale, redemption = begun(source)
    bonus = Bonus.objects.get(source=source)
    budget = ProgramBudget.objects.get()
    # Those of levels are the business's own.
    assert budget.bonuses == (0 if source == "level" else 1)
    take_back(sale)
    for _ in range(2):
        assert refund(redemption) == "refunded"
    bonus.refresh_from_db()
    assert bonus.status == "void"
    budget.refresh_from_db()
    assert budget.bonuses == 0
    assert told().endswith("What it was given for was taken back: it can no longer be used.")
    assert wrong() == []
    with pytest.raises(NoBonus):
        request_bonus(BonusRequest(bonus.card_id, bonus.pk), actor=as_customer(WITH), token_key=KEY)


@OF_OCCASIONS
def test_a_bonus_whose_sale_stands_waits_again(source: str) -> None:
    _, redemption = begun(source)
    assert refund(redemption) == "refunded"
    assert Bonus.objects.get(source=source).status == "waiting"
    assert told().endswith("It waits again.")
    assert wrong() == []


@OF_OCCASIONS
def test_a_bonus_that_a_later_sale_gives_too_waits_again(source: str) -> None:
    sale, redemption = begun(source)
    sold(WITH, Bonus.objects.get().card.program, {"amount": 500})
    take_back(sale)
    assert refund(redemption) == "refunded"
    assert Bonus.objects.get(source=source).status == "waiting"
    assert wrong() == []


@pytest.mark.parametrize("source", ["welcome", "level"])
def test_what_only_a_sale_of_another_card_gives_goes_with_that_sale(source: str) -> None:
    sale, redemption = begun(source)
    other = sold(WITH, stamp_spend(switches=SWITCHES[source]), {"amount": 500})
    take_back(sale)
    assert refund(redemption) == "refunded"
    # It lies where the sale that gives it now lies.
    gift = Bonus.objects.filter(source=source).exclude(status="void").get()
    assert (gift.status, gift.session_id) == ("waiting", other)
    void_session(other, actor=as_staff(Role.MANAGER), reason="a mistake")
    assert not Bonus.objects.filter(source=source).exclude(status="void").exists()
    assert wrong() == []


def test_a_bonus_of_which_the_time_is_over_is_not_usable_again(move_clock: Move) -> None:
    program = stamp_spend(switches=Switches(bonus_valid_days=3))
    sold(WITH, program, {"amount": 5000})
    redemption = used("card")
    move_clock(timedelta(days=10))
    assert refund(redemption) == "refunded"
    bonus = Bonus.objects.get()
    assert told().endswith("Its time is over: it can no longer be used.")
    with pytest.raises(NoBonus):
        request_bonus(BonusRequest(bonus.card_id, bonus.pk), actor=as_customer(WITH), token_key=KEY)
    assert wrong() == []


@pytest.mark.parametrize("deed", ["look", "confirm", "cancel", "customer"])
def test_a_refunded_redemption_is_told_as_taken_back_not_as_given(deed: str) -> None:
    sold(WITH, stamp_spend(), {"amount": 5000})
    card, staff, ann = Bonus.objects.get().card_id, as_staff(), as_customer(WITH)
    live = request_bonus(BonusRequest(card), actor=ann, token_key=KEY)
    which, here = RedemptionSelector(token=live.token), place().location_id

    def decide(verdict: RedemptionVerdict) -> None:
        decide_redemption(which, verdict, location_id=here, actor=staff, ip=IP)

    decide(RedemptionVerdict.CONFIRMED)
    assert refund(live.id) == "refunded"
    before = [list(each.objects.values()) for each in (Redemption, Bonus, Event)]
    deeds: dict[str, Callable[[], object]] = {
        "look": lambda: preview_redemption(
            which, location_id=here, actor=staff, ip=IP, token_key=KEY
        ),
        "confirm": lambda: decide(RedemptionVerdict.CONFIRMED),
        "cancel": lambda: decide(RedemptionVerdict.CANCELLED),
        "customer": lambda: cancel_redemption(live.id, actor=ann, token_key=KEY),
    }
    with pytest.raises(RedemptionCancelled):
        deeds[deed]()
    assert [list(each.objects.values()) for each in (Redemption, Bonus, Event)] == before
    assert Bonus.objects.get().status == "waiting"


@pytest.mark.parametrize("source", ["card", "streak"])
def test_the_proof_names_a_bonus_that_waits_while_it_is_owed(source: str, move_clock: Move) -> None:
    days = Switches(streak=StreakRule(window=1, threshold=2)) if source == "streak" else NONE
    program = stamp_spend(switches=days)
    first = sold(WITH, program, {"amount": 5000 if source == "card" else 500})
    move_clock(timedelta(days=1))
    sold(WITH, program, {"amount": 500})
    redemption = used(source)
    take_back(first)
    assert wrong() == []
    with transaction.atomic():
        # As a refund left it before it lifted what is owed.
        Redemption.objects.update(status="refunded")
        Bonus.objects.filter(source=source, status="used").update(status="waiting")
        assert [str(each.what) for each in wrong_rebuilds()] == [
            f"a card owes for more bonuses by {source} than were used"
        ]
        transaction.set_rollback(True)
    refund(redemption)
    assert wrong() == []
    assert not Bonus.objects.filter(source=source).exclude(status="void").exists()
