"""Sales of one customer on several cards, taken back at once."""

import threading
from collections.abc import Callable
from functools import partial

import pytest
from django.db import OperationalError, connection, transaction

from loyalty.base.errors import SessionVoided
from loyalty.base.values import Role
from loyalty.books.whole_books import wrong_in_all
from loyalty.db import database_errors
from loyalty.earning.collect import collect
from loyalty.earning.mint import SaleInput, mint
from loyalty.levels.limits import NewLevel, NewLevelTable
from loyalty.levels.set_levels import set_levels
from loyalty.models import Bonus, EarnSession, Event
from loyalty.people.enrol_customer import enrol_customer
from loyalty.people.lock_person import wait_for_undos
from loyalty.switches import Reward, Switches
from loyalty.undoing.void_session import void_session
from tests.factories.history import stamp_spend
from tests.factories.people import as_customer, as_staff, place
from tests.factories.undoing import given_to, refund, sold
from tests.harness.at_once import at_once
from tests.harness.clock import now

pytestmark = [pytest.mark.usefixtures("own_database", "unblocked")]
MANY, ROUNDS = 4, 3
IP, KEY = "192.0.2.1", "k"


@pytest.fixture
def seen(monkeypatch: pytest.MonkeyPatch) -> list[str]:
    """What the database refused: trying again would hide that they had waited in a circle.

    Not that somebody waited long: on a busy machine they do, and then wait again.
    """
    found = list[str]()
    told = database_errors.sqlstate

    def noted(error: BaseException) -> str:
        state = told(error)
        found.extend({state} - {database_errors.LOCK_TIMEOUT})
        return state

    monkeypatch.setattr(database_errors, "sqlstate", noted)
    return found


def test_undos_of_one_customer_wait_for_each_other(seen: list[str]) -> None:
    silver = NewLevel("Silver", 4, percent=200, gift=Reward(percent=10))
    set_levels(NewLevelTable((silver,)), actor=as_staff(Role.OWNER))
    switches, manager = Switches(points=5, welcome=Reward(text="Hi")), as_staff(Role.MANAGER)
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
    silver = NewLevel("Silver", 4, percent=200, gift=Reward(percent=10))
    set_levels(NewLevelTable((silver,)), actor=as_staff(Role.OWNER))
    program = stamp_spend(switches=Switches(points=5, welcome=Reward(text="Hi")), threshold=2)
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


def test_an_undo_that_waited_too_long_for_its_turn_waits_again(
    monkeypatch: pytest.MonkeyPatch,
) -> None:
    email = "queue@alpha.example"
    enrol_customer(email, language="en", now=now())
    sale = sold(email, stamp_spend(), {"amount": 1000})
    is_over = threading.Event()
    first, is_held = line_held_for(sale, until=is_over)
    told = database_errors.sqlstate

    def noted(error: BaseException) -> str:
        if told(error) == database_errors.LOCK_TIMEOUT:
            is_over.set()
        return told(error)

    def second() -> None:
        assert is_held.wait(30)
        impatient()
        void_session(sale, actor=as_staff(Role.MANAGER), reason="twice")

    monkeypatch.setattr(database_errors, "sqlstate", noted)
    at_once([first, second])
    assert EarnSession.objects.get(pk=sale).status == "voided"


def test_one_that_never_gets_its_turn_can_be_asked_again() -> None:
    email = "stuck@alpha.example"
    enrol_customer(email, language="en", now=now())
    sale = sold(email, stamp_spend(), {"amount": 1000})
    is_over = threading.Event()
    first, is_held = line_held_for(sale, until=is_over)

    def second() -> None:
        assert is_held.wait(30)
        impatient()
        try:
            # Callers hear UNAVAILABLE of it, or 503.
            with pytest.raises(OperationalError) as failed:
                void_session(sale, actor=as_staff(Role.MANAGER), reason="twice")
            assert database_errors.sqlstate(failed.value) == database_errors.LOCK_TIMEOUT
            assert EarnSession.objects.get(pk=sale).status == "collected"
        finally:
            is_over.set()
        void_session(sale, actor=as_staff(Role.MANAGER), reason="twice")

    at_once([first, second])
    assert EarnSession.objects.get(pk=sale).status == "voided"
    assert wrong_in_all() == []


def line_held_for(
    sale: int, *, until: threading.Event
) -> tuple[Callable[[], None], threading.Event]:
    """Somebody else's undo of this person, under way until then; and an event: it has begun."""
    is_held = threading.Event()

    def hold() -> None:
        with transaction.atomic():
            wait_for_undos(EarnSession.objects.get(pk=sale).customer_id or 0)
            is_held.set()
            assert until.wait(30)

    return hold, is_held


def impatient() -> None:
    """The thread's connection waits for no lock longer than a moment."""
    with connection.cursor() as cursor:
        cursor.execute("SET lock_timeout = '50ms'")
