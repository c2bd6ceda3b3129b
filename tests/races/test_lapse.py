"""A sale is taken back while a manager decides about the level that it held."""

import os

import pytest

from loyalty.base.values import Role
from loyalty.books.books import wrong_books
from loyalty.findings.find_anomalies import find_anomalies
from loyalty.models import Anomaly, Bonus, Customer, EarnSession, Event, Level, Settings
from loyalty.people.enrol_customer import enrol_customer
from loyalty.reviewing.review_anomaly import FindingReview, ReviewVerdict, review_anomaly
from loyalty.undoing.void_session import void_session
from tests.factories.people import as_staff, place
from tests.factories.sales import sold
from tests.harness.at_once import at_once
from tests.harness.clock import now

pytestmark = pytest.mark.usefixtures("own_database")
ROUNDS = int(os.environ.get("RACE_ROUNDS", "10"))


@pytest.mark.parametrize("verdict", list(ReviewVerdict))
def test_neither_waits_for_the_other_in_a_circle(
    verdict: ReviewVerdict, django_db_blocker: pytest.FixtureDef[None]
) -> None:
    with django_db_blocker.unblock():  # type: ignore[attr-defined]  # pytest-django's blocker
        Level.objects.create(name="Bronze", threshold=1)
        gift = {"text": "A cake", "title": "A cake"}
        Level.objects.create(name="Silver", threshold=2, gift=gift)
        Settings.objects.update(level_most_rises=1)
        for number in range(ROUNDS):
            one_round(f"held{number}@alpha.example", verdict)
        assert list(wrong_books()) == []


def one_round(email: str, verdict: ReviewVerdict) -> None:
    """Anybody who is first: the level that the sale brought is gone with it."""
    manager, customer = as_staff(Role.MANAGER), enrol_customer(email, language="en", now=now())
    _, held = [sold(email=email, preset_id=place().preset_id) for _ in range(2)]
    find_anomalies()
    row = Anomaly.objects.get(customer_id=customer.pk, kind="level_held")
    review = FindingReview(row.pk, verdict, "looked at")
    at_once(
        [
            lambda: void_session(held, actor=manager, reason="typed twice"),
            lambda: review_anomaly(review, actor=manager),
        ]
    )
    row.refresh_from_db()
    assert row.status in {verdict.value, "lapsed"}
    decisions = Event.objects.filter(kind="reviewed", details__anomaly=row.pk).count()
    assert decisions == (row.status != "lapsed")
    assert EarnSession.objects.get(pk=held).status == "voided"
    after = Customer.objects.get(pk=customer.pk)
    assert (after.level_rung, after.level_held_at) == (1, None)
    assert not Bonus.objects.filter(card__customer=customer, status="waiting").exists()
