"""A visitor of the demo finds each mechanic, two places, a budget and somebody who stays away."""

import pytest

from demo.absent import stay_away
from demo.programs import publish_more
from demo.regular import fill_card
from loyalty.base.values import BonusModel, Mode, Role
from loyalty.expiry.absences import absences
from loyalty.findings.find_anomalies import find_anomalies
from loyalty.models import Card, EarnSession, Location, Program, ProgramBudget
from tests.factories.campaigns import books_are_right
from tests.factories.people import OWNER, as_staff, customer

pytestmark = pytest.mark.django_db


def test_each_mechanic_once_and_a_second_place() -> None:
    publish_more(as_staff(Role.OWNER))
    kinds = set(Program.objects.values_list("current__bonus_model", "current__mode"))
    assert {model for model, _ in kinds} == set(BonusModel)
    assert {mode for _, mode in kinds} == set(Mode)
    assert list(Location.objects.order_by("pk").values_list("name", flat=True)) == [
        "Alpha Coffee",
        "Lumo Kiosk",
    ]
    assert Program.objects.get(locations__isnull=False).name == "Kiosk stamps"
    assert ProgramBudget.objects.get().program.name == "Breakfast club"


def test_a_bonus_waits_and_comes_once() -> None:
    publish_more(as_staff(Role.OWNER))
    ben = customer("ben@alpha.example")
    program = Program.objects.order_by("pk")[0]
    fill_card("ben@alpha.example", program=program.name)
    card = Card.objects.get(customer_id=ben.id)
    bonus = card.bonuses.get()
    assert (bonus.status, bonus.title, bonus.session_id) == (
        "waiting",
        "Free coffee",
        EarnSession.objects.get(staff__isnull=False).pk,
    )
    # Starting again gives nothing, and nothing again for what was used.
    for status in ("waiting", "used"):
        card.bonuses.update(status=status)
        fill_card("ben@alpha.example", program=program.name)
        assert (card.bonuses.count(), EarnSession.objects.count()) == (1, 5)
    card.bonuses.update(status="waiting")
    assert find_anomalies() == 0
    assert books_are_right()


def test_somebody_stays_away() -> None:
    publish_more(as_staff(Role.OWNER))
    program = Program.objects.order_by("pk")[0]
    stay_away("noor@alpha.example", program=program.name)
    (event,) = absences(actor=OWNER)
    assert event.customer_id == customer("noor@alpha.example").id
    assert EarnSession.objects.count() == 4
    assert books_are_right()
