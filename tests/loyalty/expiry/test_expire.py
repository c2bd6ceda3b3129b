"""Units and bonuses that nobody used in time: written off once, told beforehand."""

from datetime import timedelta

import pytest
from django.core import mail

from config.jobs import expire_all, warn_all
from loyalty import jobs
from loyalty.base.errors import NoBonus
from loyalty.cards.reads import card_view
from loyalty.earning.mint import SaleInput, mint
from loyalty.expiry.expire import expire
from loyalty.models import Bonus, Card, Counter, Event, LedgerEntry, QueuedSession
from loyalty.redeeming.decide_redemption import RedemptionVerdict, decide_redemption
from loyalty.redeeming.preview_redemption import RedemptionSelector
from loyalty.redeeming.request_bonus import BonusRequest, request_bonus
from loyalty.switches import Switches
from loyalty.waiting.queue_session import QueueAsker, queue_session
from tests.factories.campaigns import DAY, Move, books_are_right, now, published, visit
from tests.factories.people import OWNER, as_customer, as_staff, place
from tests.harness.daily import run_jobs

pytestmark = pytest.mark.django_db
MONTH = Switches(units_expire_after=1)
WEEK = Switches(bonus_valid_days=7)


def everything() -> list[object]:
    models = (Card, Counter, Bonus, LedgerEntry, Event)
    return [list(model.objects.order_by("pk").values()) for model in models]


def test_units_are_over_a_month_after_the_last_visit(move_clock: Move) -> None:
    program = published(MONTH)
    for _ in range(3):
        visit(program)
    card = Card.objects.get(program=program)
    ends_at = card.units_end_at
    assert ends_at is not None
    move_clock(ends_at - now() - timedelta(minutes=5))
    before = everything()
    assert expire(card.pk) is None
    assert everything() == before
    move_clock(timedelta(days=40))
    assert card_view(card.pk, actor=OWNER).progress[0].open == 0
    found = expire(card.pk)
    assert found is not None
    assert (found.units, found.bonuses, found.version) == (3, [], card.version + 1)
    entry = LedgerEntry.objects.get(kind="expire")
    assert (entry.units, entry.card_version, entry.line, entry.occurred_at) == (
        -3,
        card.version + 1,
        1,
        ends_at,
    )
    event = Event.objects.get(kind="expired")
    assert (event.card_id, event.card_version, event.units) == (card.pk, card.version + 1, 3)
    after = Card.objects.get(pk=card.pk)
    assert (after.version, after.units_end_at, after.visits) == (card.version + 1, None, 3)
    assert Counter.objects.filter(card=card).values_list("open", "debt").get() == (0, 0)
    assert books_are_right()
    before = everything()
    assert expire(card.pk) is None
    assert everything() == before


def test_a_visit_after_the_job_begins_anew(move_clock: Move) -> None:
    program = published(MONTH)
    visit(program)
    card = Card.objects.get(program=program)
    move_clock(40 * DAY)
    expire(card.pk)
    outcome = visit(program)
    assert outcome.card.progress[0].open == 1
    assert Card.objects.get(pk=card.pk).units_end_at is not None
    assert books_are_right()


def test_debt_stays(move_clock: Move) -> None:
    program = published(MONTH)
    visit(program)
    card = Card.objects.get(program=program)
    Counter.objects.filter(card=card).update(open=0, debt=2)
    move_clock(40 * DAY)
    assert expire(card.pk) is None
    assert Counter.objects.filter(card=card).values_list("open", "debt").get() == (0, 2)
    assert Card.objects.get(pk=card.pk).units_end_at is None


def test_bonuses_are_over(move_clock: Move) -> None:
    program = published(WEEK)
    for _ in range(6):
        visit(program)
    card = Card.objects.get(program=program)
    bonus = Bonus.objects.get()
    move_clock(6 * DAY)
    assert expire(card.pk) is None
    move_clock(9 * DAY)
    found = expire(card.pk)
    assert found is not None
    assert (found.units, found.bonuses) == (0, [bonus.pk])
    assert Bonus.objects.get().status == "expired"
    assert Event.objects.get(kind="expired").details == {"bonuses": [bonus.pk]}
    assert Counter.objects.get(card=card).open == 1
    with pytest.raises(NoBonus):
        request_bonus(BonusRequest(card.pk), actor=as_customer("ann@alpha.example"), token_key="k")


def test_a_bonus_that_is_being_redeemed_is_left_alone(move_clock: Move) -> None:
    program = published(WEEK)
    for _ in range(5):
        visit(program)
    card, bonus = Card.objects.get(program=program), Bonus.objects.get()
    Bonus.objects.update(expires_at=now() + timedelta(seconds=10))
    ann = as_customer("ann@alpha.example")
    live = request_bonus(BonusRequest(card.pk), actor=ann, token_key="k")
    move_clock(timedelta(seconds=60))
    assert expire(card.pk) is None
    decide_redemption(
        RedemptionSelector(token=live.token),
        RedemptionVerdict.CONFIRMED,
        location_id=place().location_id,
        actor=as_staff(),
        ip="192.0.2.1",
    )
    move_clock(timedelta(minutes=10))
    assert expire(card.pk) is None
    assert Bonus.objects.get(pk=bonus.pk).status == "used"
    assert books_are_right()


def test_a_scan_in_time_that_waits_for_its_mail_keeps_the_units(move_clock: Move) -> None:
    program = published(MONTH)
    visit(program)
    card = Card.objects.get(program=program)
    assert card.units_end_at is not None
    days = (card.units_end_at - now()).days
    move_clock(days * DAY)
    token = mint(SaleInput(program.pk, place().location_id), actor=as_staff(), token_key="k").token
    who = QueueAsker(ip="192.0.2.1")
    queue_session(token or "", typed="ann@alpha.example", who=who, token_key="k")
    move_clock((days + 3) * DAY)
    before = everything()
    assert expire(card.pk) is None
    assert everything() == before
    move_clock((days + 8) * DAY)
    assert expire(card.pk) is not None
    assert QueuedSession.objects.exists()


def test_the_jobs_find_every_card_once_in_every_business(
    move_clock: Move, monkeypatch: pytest.MonkeyPatch
) -> None:
    monkeypatch.setattr(jobs, "BATCH", 2)
    program = published(Switches(units_expire_after=1, bonus_valid_days=7))
    for _ in range(5):
        visit(program, "bob")
    for who in ("ann", "bob"):
        visit(program, who)
    other = published(MONTH, name="Dinner")
    visit(other)
    move_clock(60 * DAY)
    assert expire_all() == "2 done, 0 failed"
    run_jobs()
    assert LedgerEntry.objects.filter(kind="expire").count() == 3
    assert Bonus.objects.get().status == "expired"
    assert Event.objects.filter(kind="expired").count() == 3
    assert books_are_right()
    before = everything()
    expire_all()
    run_jobs()
    assert everything() == before


def test_nothing_expires_by_itself(move_clock: Move) -> None:
    program = published(Switches())
    for _ in range(6):
        visit(program)
    move_clock(3_000 * DAY)
    before = everything()
    expire_all()
    warn_all()
    run_jobs()
    assert everything() == before
    assert mail.outbox == []
