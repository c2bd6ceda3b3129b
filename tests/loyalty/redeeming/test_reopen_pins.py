"""PIN entry of a program: closed by its day's budget, opened again by a manager."""

from collections.abc import Callable
from datetime import timedelta
from itertools import count
from typing import Any

import pytest

from loyalty.base.access import NotAllowed
from loyalty.base.errors import CodeUnknown, KeyReused, NotFound, PinLocked
from loyalty.base.values import Role, StaffActor
from loyalty.db.roundtrip import clock, send
from loyalty.models import Event, IdempotencyKey, Location, PinGuard
from loyalty.redeeming.preview_redemption import RedemptionSelector, preview_redemption
from loyalty.redeeming.reopen_pins import PinReopening, reopen_pins
from tests.factories.people import as_staff, place

pytestmark = pytest.mark.django_db
Move = Callable[[timedelta], None]
BUDGET = 10
NUMBERS = count(1_000)


def try_pin(actor: StaffActor) -> None:
    """One PIN that nobody has."""
    which = RedemptionSelector(pin="0000", program_id=place().program_id)
    here = place().location_id
    preview_redemption(which, location_id=here, actor=actor, ip="192.0.2.1", token_key="k")


def use_up(tries: int = BUDGET) -> None:
    """So many wrong PINs, each by somebody of their own: nobody of them is closed out."""
    for _ in range(tries):
        with pytest.raises(CodeUnknown):
            try_pin(StaffActor(next(NUMBERS), Role.STAFF, "Guesser"))


def reopen(role: Role = Role.MANAGER, key: str | None = None) -> PinReopening:
    return reopen_pins(place().program_id, actor=as_staff(role), idempotency_key=key)


def is_closed() -> bool:
    try:
        try_pin(as_staff())
    except PinLocked:
        return True
    except CodeUnknown:
        return False
    raise AssertionError("This PIN is known.")


def everything() -> list[list[Any]]:
    found: list[Any] = [PinGuard.objects, Event.objects, IdempotencyKey.objects]
    return [list(rows.order_by("pk").values()) for rows in found]


def events(kind: str) -> list[dict[str, Any]]:
    found = Event.objects.filter(kind=kind).order_by("id")
    return [event.details or {} for event in found]


def now() -> Any:
    asked = clock()
    send(asked)
    return asked.only


def midnight() -> str:
    start = now().replace(hour=0, minute=0, second=0, microsecond=0)
    return str((start + timedelta(days=1)).isoformat())


@pytest.mark.parametrize("role", [Role.MANAGER, Role.OWNER])
def test_the_budget_starts_anew(role: Role) -> None:
    use_up()
    assert is_closed()
    assert reopen(role) == PinReopening(place().program_id, BUDGET)
    assert events("pin_reopened") == [
        {"program": place().program_id, "wrong": BUDGET, "until": midnight()}
    ]
    assert Event.objects.get(kind="pin_reopened").staff_id == as_staff(role).id
    use_up(BUDGET - 1)
    assert not is_closed()
    assert is_closed()
    assert [each["what"] for each in events("pin_closed")] == ["program", "program"]


def test_what_is_open_stays_as_it_is() -> None:
    before = everything()
    assert reopen().tries == BUDGET
    assert everything() == before
    use_up(3)
    before = everything()
    assert reopen().tries == BUDGET - 3
    assert everything() == before
    use_up(BUDGET - 3)
    reopen()
    before = everything()
    assert reopen() == reopen() == PinReopening(place().program_id, BUDGET)
    assert everything() == before


def test_a_key_opens_once() -> None:
    use_up()
    first = reopen(key="monday")
    use_up()
    before = everything()
    assert reopen(key="monday") == first
    assert everything() == before
    assert is_closed()
    with pytest.raises(KeyReused):
        reopen_pins(place().program_id + 1, actor=as_staff(Role.MANAGER), idempotency_key="monday")


def test_the_next_day_is_open_by_itself(move_clock: Move) -> None:
    use_up()
    move_clock(timedelta(days=1))
    before = everything()
    assert reopen().tries == BUDGET
    assert everything() == before
    assert not is_closed()


def test_ten_a_location() -> None:
    Location.objects.create(name="Second", time_zone="UTC")
    use_up(2 * BUDGET)
    assert is_closed()
    assert reopen().tries == 2 * BUDGET


def test_who_may_not_and_what_is_not_there() -> None:
    use_up()
    before = everything()
    with pytest.raises(NotAllowed):
        reopen(Role.STAFF)
    with pytest.raises(NotFound):
        reopen_pins(place().program_id + 1, actor=as_staff(Role.OWNER))
    assert everything() == before


def test_a_closed_person_stays_closed() -> None:
    for _ in range(5):
        with pytest.raises(CodeUnknown):
            try_pin(as_staff())
    reopen()
    assert is_closed()


def test_each_closure_is_logged_once_with_its_evidence() -> None:
    use_up(5)
    for _ in range(5):
        with pytest.raises(CodeUnknown):
            try_pin(as_staff())
    for _ in range(3):
        assert is_closed()
    # The tenth wrong PIN of the day was the fifth of this person: two closures.
    found = Event.objects.filter(kind="pin_closed").order_by("id")
    facts = {(event.details or {})["what"]: event for event in found}
    assert found.count() == len(facts) == 2
    soon = (facts["person"].at + timedelta(minutes=15)).isoformat()
    program = place().program_id
    assert facts["person"].details == {
        "what": "person",
        "program": program,
        "wrong": 5,
        "until": soon,
    }
    assert facts["program"].details == {
        "what": "program",
        "program": program,
        "wrong": BUDGET,
        "until": midnight(),
    }
    for event in found:
        assert (event.staff_id, event.location_id) == (as_staff().id, place().location_id)
