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
from loyalty.models import Bonus, EarnSession, Event
from loyalty.queries.whole_books import wrong_in_all
from loyalty.rules.ladder_limits import NewLadder, NewLevel
from loyalty.switches import Gift, Switches
from loyalty.values import Role
from tests.at_once import at_once
from tests.clock import now
from tests.history import stamp_spend
from tests.people import as_customer, as_staff, place
from tests.undoing import given_to, refund, sold

pytestmark = [pytest.mark.usefixtures("own_database", "unblocked")]
MANY, ROUNDS = 4, 3
IP, KEY = "192.0.2.1", "k"


@pytest.fixture
def seen(monkeypatch: pytest.MonkeyPatch) -> list[str]:
    """What the database refused: trying again would hide that they had waited in a circle."""
    found = list[str]()
    told = database_errors.sqlstate

    def noted(error: BaseException) -> str:
        found.append(told(error))
        return found[-1]

    monkeypatch.setattr(database_errors, "sqlstate", noted)
    return found


def test_undos_of_one_customer_wait_for_each_other(seen: list[str]) -> None:
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


def test_undos_and_a_refund_at_addresses_of_one_person_wait_for_each_other(
    seen: list[str],
) -> None:
    silver = NewLevel("Silver", 4, percent=200, gift=Gift(percent=10))
    set_levels(NewLadder((silver,)), actor=as_staff(Role.OWNER))
    program = stamp_spend(switches=Switches(points=5, welcome=Gift(text="Hi")), threshold=2)
    manager = as_staff(Role.MANAGER)
    for number in range(ROUNDS):
        emails = [f"one{number}+{address}@alpha.example" for address in range(MANY)]
        for email in emails:
            enrol_customer(email, language="en", now=now())
        first = sold(emails[0], program, {"amount": 1000})
        mine = Bonus.objects.filter(card__customer__email__in=emails)
        redemptions = [given_to(mine.get(source=source)) for source in ("welcome", "level")]
        sales = [first, *[sold(email, program, {"amount": 1000}) for email in emails[1:]]]
        undos = [partial(void_session, sale, actor=manager, reason="twice") for sale in sales]
        at_once([*undos, *[partial(refund, each) for each in redemptions]])
        assert set(mine.values_list("status", flat=True)) == {"void"}
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
