"""A visitor of the demo finds each mechanic, two places, a budget and somebody who stays away."""

import pytest

from config.demo.absent import stay_away
from config.demo.programs import publish_more
from loyalty.models import EarnSession, Location, Program, ProgramBudget
from loyalty.queries.absences import absences
from loyalty.values import BonusModel, Mode, Role
from tests.campaigns import books_are_right
from tests.people import as_staff, customer

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


def test_somebody_stays_away() -> None:
    publish_more(as_staff(Role.OWNER))
    program = Program.objects.order_by("pk")[0]
    stay_away("noor@alpha.example", program=program.name)
    (event,) = absences()
    assert event.customer_id == customer("noor@alpha.example").id
    assert EarnSession.objects.count() == 4
    assert books_are_right()
