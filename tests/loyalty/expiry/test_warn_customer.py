"""Customers hear of what will expire, once for each deadline, and by mail alone."""

import pytest
from django.core import mail
from django.core.mail import EmailMultiAlternatives

from config.jobs import warn_all
from loyalty.base.values import BonusModel, Mechanic, Mode, StampMode
from loyalty.expiry import expiring
from loyalty.expiry.warn_customer import warn_customer
from loyalty.models import Card, Customer, Settings
from loyalty.switches import Switches
from tests.factories.campaigns import DAY, Move, now, published, visit
from tests.factories.people import as_customer
from tests.harness.daily import run_jobs

pytestmark = pytest.mark.django_db
MONTH = Switches(units_expire_after=1)


def test_customers_are_told_once_for_each_deadline(move_clock: Move) -> None:
    program = published(Switches(units_expire_after=2, bonus_valid_days=58))
    ann = as_customer("ann@alpha.example")
    for _ in range(7):
        visit(program)
    warn_all()
    run_jobs()
    assert mail.outbox == []
    move_clock(50 * DAY)
    for _ in range(2):
        warn_all()
        run_jobs()
    (sent,) = mail.outbox
    card = Card.objects.get(program=program)
    assert card.units_end_at is not None
    assert sent.to == ["ann@alpha.example"]
    assert sent.subject == "Something of yours at Alpha Coffee ends soon"
    assert "Lunch, 2 stamps: until" in sent.body
    assert "Free lunch: until" in sent.body
    assert str(sent.body).count(f"/card/{card.pk}") == 2
    html = str(sent.alternatives[0][0])  # type: ignore[attr-defined]  # it has them
    assert "Lunch, 2 stamps: until" in html
    assert "<img" not in html
    # A visit moves the deadline; the bonus was told of already.
    visit(program)
    assert warn_customer(ann.id) is False
    move_clock(105 * DAY)
    assert warn_customer(ann.id) is True
    run_jobs()
    assert "3 stamps" in mail.outbox[1].body
    assert "Free lunch" not in mail.outbox[1].body


def test_the_last_day_is_the_locations(move_clock: Move) -> None:
    program = published(MONTH)
    visit(program)
    card = Card.objects.get(program=program)
    move_clock(25 * DAY)
    assert warn_customer(as_customer("ann@alpha.example").id)
    moment = Card.objects.get(pk=card.pk).units_warned_at
    assert moment is not None
    assert card.customer_id is not None
    (told,) = expiring.told_of(card.customer_id, warned_at=moment, now=now())
    assert card.last_visit_at is not None
    # Alpha is in Berlin: the same day of the next month, or that month's last one.
    assert told.day.month == card.last_visit_at.month % 12 + 1
    assert (told.program, told.count, told.currency) == ("Lunch", 1, "")


@pytest.mark.parametrize(
    ("language", "said"), [("en", "€12.50 collected: until"), ("de", "12,50\xa0€ gesammelt: bis")]
)
def test_money_is_told_as_its_reader_writes_it(language: str, said: str, move_clock: Move) -> None:
    spend = Mechanic(
        BonusModel.CUMULATIVE_SPEND, Mode.SIMPLE, StampMode.PER_AMOUNT, threshold=10_000
    )
    program = published(MONTH, spend)
    visit(program, amount=1_250)
    Customer.objects.update(language=language)
    move_clock(25 * DAY)
    assert warn_customer(as_customer("ann@alpha.example").id)
    run_jobs()
    assert f"Lunch, {said}" in mail.outbox[0].body


def test_no_mail_about_what_was_used_meanwhile_or_when_the_owner_wants_none(
    move_clock: Move,
) -> None:
    program = published(MONTH)
    visit(program)
    ann = as_customer("ann@alpha.example")
    move_clock(25 * DAY)
    Settings.objects.update(warn_days=0)
    assert warn_customer(ann.id) is False
    Settings.objects.update(warn_days=14)
    assert warn_customer(ann.id) is True
    visit(program)
    run_jobs()
    assert mail.outbox == []
    assert warn_customer(ann.id + 1) is False


def test_the_mail_is_in_the_customers_language(move_clock: Move) -> None:
    program = published(MONTH, name="<b>Lunch</b>")
    ann = as_customer("ann@alpha.example")
    Customer.objects.filter(pk=ann.id).update(language="ar")
    visit(program)
    move_clock(25 * DAY)
    assert warn_customer(ann.id)
    run_jobs()
    (sent,) = mail.outbox
    assert isinstance(sent, EmailMultiAlternatives)
    html = str(sent.alternatives[0][0])
    assert 'lang="ar" dir="rtl"' in html
    assert "<b>Lunch</b>" in sent.body
    assert "&lt;b&gt;Lunch&lt;/b&gt;" in html
