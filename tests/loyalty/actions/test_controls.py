"""Caps and budgets: a code, a moment, a decision in the log; nothing is consumed."""

from collections.abc import Callable
from datetime import UTC, datetime, timedelta
from typing import Any

import pytest

from loyalty.actions.collect import collect
from loyalty.actions.mint import SaleInput, mint
from loyalty.actions.queue_session import Queued, Stranger, queue_session
from loyalty.calendar import DAY
from loyalty.errors import Cooldown, DailyCap, OwnSession, ProgramBudget, Refused, StaffCap
from loyalty.models import (
    Bonus,
    Card,
    Counter,
    Customer,
    EarnSession,
    Event,
    IdempotencyKey,
    LedgerEntry,
    Preset,
    QueuedSession,
    Settings,
    SignInLink,
)
from loyalty.models.program_budget import ProgramBudget as BudgetRow
from loyalty.policies.budget import Budget
from loyalty.switches import Gift, Switches
from loyalty.values import Role
from tests import people
from tests.clock import clock_at, now
from tests.people import as_customer, as_staff, place
from tests.perks import ANN, BOB, IP, KEY, Shop, Wanted, shop

pytestmark = pytest.mark.django_db
Move = Callable[[timedelta], None]
MINUTE = timedelta(minutes=1)
SECRET = "0123456789abcdef"
COOLS = Wanted(preset={"cooldown_minutes": 60})


def everything() -> list[Any]:
    """All but the log of refusals."""
    tables = (EarnSession, Card, Counter, LedgerEntry, Bonus, Customer, BudgetRow, IdempotencyKey)
    more = (QueuedSession, SignInLink)
    rows = [list(table.objects.order_by("pk").values()) for table in (*tables, *more)]
    return [*rows, list(Event.objects.exclude(kind="refused").order_by("id").values())]


def refused(kind: type[Refused], work: Callable[[], object]) -> Refused:
    """The refusal, having changed nothing."""
    before = everything()
    with pytest.raises(kind) as found:
        work()
    assert everything() == before
    return found.value


def decision() -> dict[str, Any]:
    """The one refusal in the log."""
    return Event.objects.filter(kind="refused").values().get()


def test_a_preset_cools_down(move_clock: Move) -> None:
    here = shop(wanted=COOLS)
    first = here.visit()
    again = datetime.fromisoformat(first["at"]) + 60 * MINUTE
    token = here.token()

    def scan() -> object:
        return collect(token, actor=as_customer(ANN), ip=IP, idempotency_key="one")

    assert refused(Cooldown, scan).retry_at == again
    found = refused(Cooldown, scan)
    assert (found.retry_at, found.details) == (again, {"minutes": 60})
    # Once in the log, however often it is tried.
    line = decision()
    session = EarnSession.objects.latest("id")
    assert (line["code"], line["session_id"], line["customer_id"], line["card_id"]) == (
        "COOLDOWN",
        session.pk,
        as_customer(ANN).id,
        here.card().pk,
    )
    assert line["details"] == {"minutes": 60, "retry_at": again.isoformat()}
    assert line["policy"]["cooldown_minutes"] == 60
    # Another customer may have this very session, and other presets are not meant.
    other = Preset.objects.create(program=here.program, name="Other")
    assert Shop(here.program, other).visit()["units"] == 1
    assert collect(token, actor=as_customer(BOB), ip=IP)["units"] == 1
    move_clock(60 * MINUTE)
    assert here.visit()["units"] == 1


def test_the_same_session_and_key_work_when_the_cause_is_gone() -> None:
    here = shop(wanted=COOLS)
    again = datetime.fromisoformat(here.visit()["at"]) + 60 * MINUTE
    clock_at(again - 10 * timedelta(seconds=1))
    token = here.token()

    def scan() -> Any:
        return collect(token, actor=as_customer(ANN), ip=IP, idempotency_key="one")

    refused(Cooldown, scan)
    clock_at(again)
    assert scan()["units"] == 1
    assert scan() == EarnSession.objects.latest("id").outcome


def test_a_cooldown_of_a_month_lasts_a_month(move_clock: Move) -> None:
    here = shop(wanted=Wanted(preset={"cooldown_minutes": 30 * 24 * 60}))
    here.visit()
    move_clock(29 * DAY)
    refused(Cooldown, here_scan(here))
    move_clock(30 * DAY + MINUTE)
    assert here.visit()["units"] == 1


def here_scan(here: Shop, email: str = ANN) -> Callable[[], object]:
    """A scan of a session that exists already."""
    token = here.token()
    return lambda: collect(token, actor=as_customer(email), ip=IP)


@pytest.mark.parametrize(
    ("first", "midnight"),
    [
        (datetime(2027, 3, 28, 0, 30, tzinfo=UTC), datetime(2027, 3, 28, 22, tzinfo=UTC)),
        (datetime(2027, 10, 31, 0, 30, tzinfo=UTC), datetime(2027, 10, 31, 23, tzinfo=UTC)),
    ],
)
def test_a_day_s_cap_ends_at_the_location_s_midnight(first: datetime, midnight: datetime) -> None:
    here = shop(Switches(daily_cap=2))
    elsewhere = shop(Switches(daily_cap=2))
    clock_at(first)
    here.visit()
    here.visit()
    elsewhere.visit()
    clock_at(midnight - 20 * timedelta(seconds=1))
    scan = here_scan(here)
    found = refused(DailyCap, scan)
    assert (found.retry_at, found.details) == (midnight, {"limit": 2})
    assert decision()["code"] == "DAILY_CAP"
    here.visit(BOB)
    clock_at(midnight)
    scan()
    assert here.card().visits == 3


def test_a_cap_is_the_one_of_the_tap(move_clock: Move) -> None:
    here = shop(Switches(daily_cap=1), COOLS)
    token = here.token()
    Preset.objects.update(cooldown_minutes=1)
    policy = EarnSession.objects.get().policy
    assert (policy["daily_cap"], policy["cooldown_minutes"]) == (1, 60)
    collect(token, actor=as_customer(ANN), ip=IP)
    assert Event.objects.get(kind="collected").policy == policy
    move_clock(30 * MINUTE)
    refused(DailyCap, here_scan(here))


def test_a_staff_member_s_sessions_are_capped() -> None:
    Settings.objects.update(staff_cap=3, staff_cap_minutes=10)
    here = shop()
    start = now()
    for n in range(3):
        clock_at(start + n * MINUTE)
        here.token()
    first = EarnSession.objects.order_by("id")[0].created_at
    found = refused(StaffCap, here.token)
    assert (found.retry_at, found.details) == (first + 10 * MINUTE, {"limit": 3})
    line = decision()
    assert (line["code"], line["staff_id"], line["session_id"], line["location_id"]) == (
        "STAFF_CAP",
        as_staff().id,
        None,
        place().location_id,
    )
    assert line["policy"]["staff_cap"] == 3
    wanted = SaleInput(here.program.pk, place().location_id)
    assert mint(wanted, actor=as_staff(Role.MANAGER), token_key=KEY).token
    clock_at(first + 10 * MINUTE)
    assert here.token()


def test_a_refused_tap_is_not_kept_under_its_key() -> None:
    Settings.objects.update(staff_cap=1, staff_cap_minutes=10)
    here = shop()
    wanted = SaleInput(here.program.pk, place().location_id)

    def tap(key: str) -> str:
        return mint(wanted, actor=as_staff(), token_key=KEY, idempotency_key=key).token or ""

    first = tap("first")
    refused(StaffCap, lambda: tap("second"))
    assert tap("first") == first
    clock_at(now() + 11 * MINUTE)
    assert tap("second") != first


def test_a_budget_of_bonuses() -> None:
    here = shop(wanted=Wanted(threshold=1, budget=Budget(most_bonuses=2)))
    scan = here_scan(here, BOB)
    here.visit()
    here.visit()
    found = refused(ProgramBudget, scan)
    assert (found.retry_at, found.details) == (None, {"limit": 2, "what": "bonuses"})
    assert decision()["code"] == "PROGRAM_BUDGET"
    # Staff hear it before they show a code.
    assert refused(ProgramBudget, here.token).details == {"limit": 2, "what": "bonuses"}
    BudgetRow.objects.update(most_bonuses=3)
    scan()
    assert BudgetRow.objects.values_list("bonuses", "worth").get() == (3, 900)


def test_a_budget_of_money_counts_what_is_given_and_levels_cost_it_nothing() -> None:
    rules = Switches(welcome=Gift(amount=250))
    here = shop(rules, Wanted(threshold=2, budget=Budget(most_worth=800)))
    here.visit()
    here.visit()
    assert BudgetRow.objects.values_list("bonuses", "worth").get() == (2, 550)
    # A welcome of 2.50 fits exactly, a coffee of 3.00 does not.
    here.visit(BOB)
    found = refused(ProgramBudget, here_scan(here, BOB))
    assert found.details == {"limit": 800, "what": "worth"}
    assert BudgetRow.objects.values_list("bonuses", "worth").get() == (3, 800)
    # A visit that gives no bonus costs nothing.
    assert here.visit()["bonuses"] == []


def enrolled(email: str) -> None:
    people.customer(email)


def test_staff_do_not_collect_what_they_made() -> None:
    here = shop()
    for email in ("staff@alpha.example", "staff+card@alpha.example"):
        enrolled(email)
        refused(OwnSession, here_scan(here, email))
    assert Event.objects.filter(kind="refused", code="OWN_SESSION").count() == 2
    enrolled("manager@alpha.example")
    assert here.visit("manager@alpha.example")["units"] == 1


def queue(token: str, email: str, **who: str) -> Queued:
    stranger = Stranger(ip=IP, **who)
    found = queue_session(token, typed=email, who=stranger, token_key=KEY)
    assert isinstance(found, Queued)
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
