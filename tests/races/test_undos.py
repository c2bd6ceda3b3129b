"""Sales of one customer on several cards, taken back at once."""

from collections.abc import Callable
from functools import partial

import pytest

from loyalty import database_errors
from loyalty.actions.collect import collect
from loyalty.actions.enrol_customer import enrol_customer
from loyalty.actions.mint import SaleInput, mint
from loyalty.actions.set_levels import set_levels
from loyalty.actions.void_session import void_session
from loyalty.errors import SessionVoided
from loyalty.models import EarnSession, Event
from loyalty.queries.whole_books import wrong_in_all
from loyalty.rules.ladder_limits import NewLadder, NewLevel
from loyalty.switches import Gift, Switches
from loyalty.values import Role
from tests.at_once import at_once
from tests.clock import now
from tests.history import stamp_spend
from tests.people import as_customer, as_staff, place
from tests.undoing import sold

pytestmark = [pytest.mark.usefixtures("own_database", "unblocked")]
MANY, ROUNDS = 4, 3
IP, KEY = "192.0.2.1", "k"


def test_undos_of_one_customer_wait_for_each_other(monkeypatch: pytest.MonkeyPatch) -> None:
    seen = list[str]()
    told = database_errors.sqlstate

    def noted(error: BaseException) -> str:
        seen.append(told(error))
        return seen[-1]

    # Trying again would hide that they had waited in a circle.
    monkeypatch.setattr(database_errors, "sqlstate", noted)
    silver = NewLevel("Silver", 4, percent=200, gift=Gift(percent=10))
    set_levels(NewLadder((silver,)), actor=as_staff(Role.OWNER))
    switches, manager = Switches(points=5, welcome=Gift(text="Hi")), as_staff(Role.MANAGER)
    programs = [stamp_spend(switches=switches, threshold=2) for _ in range(MANY)]
    for number in range(ROUNDS):
        email = f"many{number}@alpha.example"
        enrol_customer(email, language="en", now=now())
        sales = [sold(email, program, {"amount": 1000}) for program in programs]
        at_once([partial(void_session, sale, actor=manager, reason="twice") for sale in sales])
        assert set(EarnSession.objects.filter(pk__in=sales).values_list("status")) == {("voided",)}
    assert wrong_in_all() == []
    assert seen == []


def test_a_phone_that_asks_again_meanwhile_gets_its_answer_or_hears_of_the_undo() -> None:
    manager, program = as_staff(Role.MANAGER), stamp_spend()
    for number in range(ROUNDS):
        email = f"again{number}@alpha.example"
        enrol_customer(email, language="en", now=now())
        live = mint(
            SaleInput(program.pk, place().location_id, amount=1000), actor=manager, token_key=KEY
        )
        scan = partial(collect, live.token or "", actor=as_customer(email), ip=IP)
        first, answers = scan(), list[object]()

        def again(scan: Callable[[], object] = scan, answers: list[object] = answers) -> None:
            try:
                answers.append(scan())
            except SessionVoided:
                answers.append("voided")

        undo = partial(void_session, live.id, actor=manager, reason="twice")
        at_once([*[again] * MANY, undo, *[again] * MANY, undo])
        assert len(answers) == 2 * MANY
        assert all(answer in ("voided", first) for answer in answers)
        assert EarnSession.objects.get(pk=live.id).status == "voided"
        assert Event.objects.filter(kind="voided", session_id=live.id).count() == 1
    assert wrong_in_all() == []
