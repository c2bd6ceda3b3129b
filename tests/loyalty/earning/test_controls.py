"""Caps and budgets: a code, a moment, a decision in the log; nothing is consumed."""

from collections.abc import Callable
from datetime import UTC, datetime, timedelta
from typing import Any

import pytest

from loyalty.base.calendar import DAY
from loyalty.base.errors import Cooldown, DailyCap, StaffCap
from loyalty.base.values import Role
from loyalty.earning.collect import collect
from loyalty.earning.mint import SaleInput, mint
from loyalty.models import (
    EarnSession,
    Event,
    Preset,
    Settings,
)
from loyalty.switches import Switches
from tests.factories.people import as_customer, as_staff, place
from tests.factories.perks import ANN, BOB, IP, KEY, Shop, Wanted, shop
from tests.factories.refusals import decision, refused, scan_of
from tests.harness.clock import clock_at, now

pytestmark = pytest.mark.django_db
Move = Callable[[timedelta], None]
MINUTE = timedelta(minutes=1)
COOLS = Wanted(preset={"cooldown_minutes": 60})


def test_a_preset_cools_down(move_clock: Move) -> None:
    here = shop(wanted=COOLS)
    first = here.visit()
    again = first.at + 60 * MINUTE
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
    assert Shop(here.program, other).visit().units == 1
    assert collect(token, actor=as_customer(BOB), ip=IP).units == 1
    move_clock(60 * MINUTE)
    assert here.visit().units == 1


def test_the_same_session_and_key_work_when_the_cause_is_gone() -> None:
    here = shop(wanted=COOLS)
    again = here.visit().at + 60 * MINUTE
    clock_at(again - 10 * timedelta(seconds=1))
    token = here.token()

    def scan() -> Any:
        return collect(token, actor=as_customer(ANN), ip=IP, idempotency_key="one")

    refused(Cooldown, scan)
    clock_at(again)
    assert scan().units == 1
    assert scan().stored() == EarnSession.objects.latest("id").outcome


def test_a_cooldown_of_a_month_lasts_a_month(move_clock: Move) -> None:
    here = shop(wanted=Wanted(preset={"cooldown_minutes": 30 * 24 * 60}))
    here.visit()
    move_clock(29 * DAY)
    refused(Cooldown, scan_of(here))
    move_clock(30 * DAY + MINUTE)
    assert here.visit().units == 1


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
    scan = scan_of(here)
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
    refused(DailyCap, scan_of(here))


def test_a_staff_member_s_sessions_are_capped() -> None:
    Settings.objects.update(staff_cap=3, staff_cap_minutes=10)
    here = shop()
    start = now()
    for n in range(3):
        clock_at(start + n * MINUTE)
        here.token()
    first = EarnSession.objects.order_by("id")[0].created_at
    found = refused(StaffCap, here.token)
    assert (found.retry_at, found.details) == (first + 10 * MINUTE, {"limit": 3, "minutes": 10})
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
