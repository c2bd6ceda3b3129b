"""A program gives no more than its budget, and nobody what they made themselves."""

import pytest

from loyalty.base.errors import OwnSession, ProgramBudgetSpent
from loyalty.earning.mint import SaleInput, preview
from loyalty.models import (
    EarnSession,
    Event,
    QueuedSession,
)
from loyalty.models.program_budget import ProgramBudget as BudgetRow
from loyalty.programs.budget import Budget
from loyalty.switches import Reward, Switches
from loyalty.waiting.queue_session import QueueAsker, QueuedClaim, queue_session
from tests.factories import people
from tests.factories.history import everything
from tests.factories.people import as_staff
from tests.factories.perks import BOB, IP, KEY, Wanted, shop
from tests.factories.refusals import decision, refused, scan_of

pytestmark = pytest.mark.django_db
SECRET = "0123456789abcdef"


def test_a_budget_of_bonuses() -> None:
    here = shop(wanted=Wanted(threshold=1, budget=Budget(most_bonuses=2)))
    scan = scan_of(here, BOB)
    here.visit()
    here.visit()
    found = refused(ProgramBudgetSpent, scan)
    assert (found.retry_at, found.details) == (None, {"limit": 2, "what": "bonuses"})
    assert decision()["code"] == "PROGRAM_BUDGET"
    # Staff hear it before they show a code.
    assert refused(ProgramBudgetSpent, here.token).details == {"limit": 2, "what": "bonuses"}
    before = everything()
    with pytest.raises(ProgramBudgetSpent):
        preview(SaleInput(here.program.pk, people.place().location_id), actor=people.OWNER)
    assert everything() == before
    BudgetRow.objects.update(most_bonuses=3)
    scan()
    assert BudgetRow.objects.values_list("bonuses", "worth").get() == (3, 900)


def test_a_budget_of_money_counts_what_is_given_and_levels_cost_it_nothing() -> None:
    rules = Switches(welcome=Reward(amount=250))
    here = shop(rules, Wanted(threshold=2, budget=Budget(most_worth=800)))
    here.visit()
    here.visit()
    assert BudgetRow.objects.values_list("bonuses", "worth").get() == (2, 550)
    # A welcome of 2.50 fits exactly, a coffee of 3.00 does not.
    here.visit(BOB)
    found = refused(ProgramBudgetSpent, scan_of(here, BOB))
    assert found.details == {"limit": 800, "what": "worth"}
    assert BudgetRow.objects.values_list("bonuses", "worth").get() == (3, 800)
    # A visit that gives no bonus costs nothing.
    assert here.visit().bonuses == ()


def enrolled(email: str) -> None:
    people.customer(email)


def test_staff_do_not_collect_what_they_made() -> None:
    here = shop()
    for email in ("staff@alpha.example", "staff+card@alpha.example"):
        enrolled(email)
        refused(OwnSession, scan_of(here, email))
    assert Event.objects.filter(kind="refused", code="OWN_SESSION").count() == 2
    enrolled("manager@alpha.example")
    assert here.visit("manager@alpha.example").units == 1


def queue(token: str, email: str, *, claim: str = "", retry_key: str | None = None) -> QueuedClaim:
    stranger = QueueAsker(ip=IP, claims=(claim,), retry_key=retry_key)
    found = queue_session(token, typed=email, who=stranger, token_key=KEY)
    assert isinstance(found, QueuedClaim)
    return found


@pytest.mark.parametrize("typed", ["staff@alpha.example", "Staff+me@alpha.example "])
def test_nor_do_they_for_their_own_address(typed: str) -> None:
    here = shop()
    token = here.token()
    for _ in range(2):
        refused(OwnSession, lambda: queue(token, typed))
    line = decision()
    assert (line["code"], line["session_id"]) == ("OWN_SESSION", EarnSession.objects.get().pk)
    assert (line["staff_id"], line["customer_id"]) == (as_staff().id, None)
    queued = queue(token, "new@somewhere.example", retry_key=SECRET)
    refused(OwnSession, lambda: queue(token, typed, claim=queued.claim))
    assert QueuedSession.objects.get().email == "new@somewhere.example"
