"""Every refusal reads well: a sentence for each code, and from when on it is possible."""

from collections.abc import Callable, Iterator
from datetime import UTC, datetime, timedelta
from typing import Any

import pytest

from graphql_api.errors import RefusalDetail, refusal
from graphql_api.ids import global_id
from graphql_api.refusal_codes import RefusalCode
from loyalty.base import errors
from loyalty.base.errors import (
    Cooldown,
    DailyCap,
    PinLocked,
    PlanLimit,
    ProgramNotRunning,
    QueueFull,
    RateLimited,
    Refused,
    StaffCap,
)
from loyalty.models import Location, Program, Settings
from loyalty.wording import Reader
from loyalty.wording.refusal_text import sentence
from tenants import context
from tenants.models import Plan
from tests.factories import people
from tests.factories.people import place
from tests.factories.perks import Wanted, shop
from tests.harness.asking import told

Move = Callable[[timedelta], None]
NOON = datetime(2026, 7, 1, 12, tzinfo=UTC)
MINT = """mutation ($input: GenerateQRInput!) { generateQR(input: $input) {
  ... on Refusal { code message retryAt details { name value } } } }"""


def kinds(kind: type[Refused] = Refused) -> Iterator[type[Refused]]:
    for each in kind.__subclasses__():
        yield each
        yield from kinds(each)


def test_each_refusal_has_a_code_of_the_schema() -> None:
    assert {kind.code for kind in kinds() if kind.__module__ == errors.__name__} <= set(
        RefusalCode.__members__
    )


@pytest.mark.parametrize("code", RefusalCode.__members__)
@pytest.mark.parametrize("count", [1, 2])
def test_each_code_has_a_whole_sentence(code: str, count: int) -> None:
    said = sentence(code, {"field": "amount", "limit": count, "missing": count})
    assert said[0].isupper() or said[0].isdigit()
    assert said.endswith(".")
    assert "%" not in said
    assert len(said.split()) >= 3
    # A refusal of which nothing is known is said as well.
    assert sentence(code, {})


@pytest.mark.parametrize(
    ("code", "details", "said"),
    [
        ("DAILY_CAP", {"limit": 1}, "That is all for today: 1 visit a day counts."),
        ("DAILY_CAP", {"limit": 3}, "That is all for today: 3 visits a day count."),
        (
            "STAFF_CAP",
            {"limit": 9, "minutes": 60},
            "You made 9 codes in a short time, as many as allowed. Wait, or ask a manager.",
        ),
        (
            "BELOW_MINIMUM",
            {"missing": 1, "currency": "EUR"},
            "€0.01 are missing to the minimum.",
        ),
        ("PROGRAM_NOT_RUNNING", {"what": "stopped"}, "This program is not running."),
        ("PROGRAM_NOT_RUNNING", {"what": "over"}, "This program is over."),
        (
            "PLAN_LIMIT",
            {"what": "running programs", "limit": 1},
            "Your plan lets 1 program run. A higher plan allows more.",
        ),
        (
            "PLAN_LIMIT",
            {"what": "running programs", "limit": 3, "plan": "Business"},
            "Your plan lets 3 programs run. Business allows more.",
        ),
        (
            "PLAN_LIMIT",
            {"what": "tiered mode"},
            "Your plan has no programs with a choice of products. A higher plan has.",
        ),
        ("INVALID_INPUT", {"field": "reason", "reason": "missing"}, "Say why: a reason is needed."),
        (
            "INVALID_INPUT",
            {"field": "quantity", "reason": "range"},
            "This number is too small or too large: quantity.",
        ),
        (
            "INVALID_INPUT",
            {"field": "name", "reason": "length", "limit": 60},
            "A name has 1 to 60 characters.",
        ),
        (
            "INVALID_INPUT",
            {"field": "levels[1].name", "reason": "length"},
            "The name of a level has 1 to 60 characters: levels[1].name.",
        ),
        (
            "INVALID_INPUT",
            {"field": "levels", "reason": "odd"},
            "This value cannot be used: levels.",
        ),
    ],
)
def test_what_is_known_is_said(code: str, details: dict[str, Any], said: str) -> None:
    assert sentence(code, details) == said


@pytest.mark.parametrize("kind", [Cooldown, DailyCap, StaffCap, PinLocked, RateLimited])
def test_the_time_to_wait_is_that_of_the_location(kind: type[Refused]) -> None:
    refused = kind(retry_at=NOON, details={"limit": 2})
    reader = Reader(NOON - timedelta(hours=1), "Europe/Berlin")
    assert refusal(refused, reader).message.endswith(" Possible again: 14:00.")
    assert refusal(refused, reader).retry_at == NOON
    before = Reader(NOON - timedelta(days=1), "Asia/Tokyo")
    assert refusal(refused, before).message.endswith(" Possible again: 1 Jul 2026, 21:00.")


@pytest.mark.parametrize(
    ("after", "said"),
    [
        (timedelta(microseconds=1), "14:01."),
        (timedelta(seconds=59), "14:01."),
        (timedelta(minutes=1), "14:01."),
        (timedelta(hours=9, minutes=59, seconds=30), "2 Jul 2026."),
        (timedelta(hours=10), "2 Jul 2026."),
        (timedelta(hours=10, seconds=1), "2 Jul 2026, 00:01."),
    ],
)
def test_a_time_to_wait_is_never_too_short_and_a_day_s_beginning_is_its_date(
    after: timedelta, said: str
) -> None:
    found = refusal(RateLimited(retry_at=NOON + after), Reader(NOON, "Europe/Berlin"))
    assert found.message == f"Too many attempts. Wait a while. Possible again: {said}"
    assert found.retry_at == NOON + after


def test_a_full_queue_says_when_it_has_room_by_itself() -> None:
    refused = QueueFull(retry_at=NOON, details={"limit": 5})
    found = refusal(refused, Reader(NOON - timedelta(hours=1), "Europe/Berlin"))
    assert found.retry_at == NOON
    assert found.message == (
        "5 visits already wait for this address. Open the link in your mail first."
        " Without it, there is room again: 14:00."
    )


def test_a_program_that_has_not_begun_says_when_it_does() -> None:
    refused = ProgramNotRunning(retry_at=NOON, details={"what": "not_begun"})
    reader = Reader(NOON - timedelta(days=2), "Europe/Berlin")
    assert refusal(refused, reader).message == (
        "This program has not begun yet. It begins: 1 Jul 2026, 14:00."
    )


@pytest.mark.django_db
@pytest.mark.parametrize(
    ("details", "plan", "said"),
    [
        (
            {"what": "running programs", "limit": 1},
            "Starter",
            "Your plan lets 1 program run. Starter allows more.",
        ),
        (
            {"what": "running programs", "limit": 3},
            "Business",
            "Your plan lets 3 programs run. Business allows more.",
        ),
        (
            {"what": "running programs", "limit": 10},
            "Network",
            "Your plan lets 10 programs run. Network allows more.",
        ),
        (
            {"what": "tiered mode"},
            "Starter",
            "Your plan has no programs with a choice of products. Starter has.",
        ),
    ],
)
def test_a_limit_names_the_plan_that_lifts_it(
    details: dict[str, Any], plan: str, said: str
) -> None:
    found = refusal(PlanLimit(details=details))
    assert found.message == said
    assert found.details[-1] == RefusalDetail(name="plan", value=plan)
    # Operators edit the table: what it says is said.
    with context.public():
        Plan.objects.update(name="Other", max_running_programs=1, has_tiered_mode=False)
    assert refusal(PlanLimit(details=details)).message.count("A higher plan") == 1


def refused(**more: Any) -> Any:
    given = {"locationId": global_id("Location", place().location_id), **more}
    return told(MINT, token=people.staff().token, input=given).data


@pytest.mark.django_db
def test_staff_read_when_a_program_begins(move_clock: Move) -> None:
    move_clock(timedelta(0))
    here = shop()
    Location.objects.update(time_zone="Asia/Tokyo")
    # 15:00 in Tokyo.
    begins = datetime(2126, 1, 5, 6, tzinfo=UTC)
    Program.objects.filter(pk=here.program.pk).update(starts_at=begins)
    found = refused(programId=global_id("Program", here.program.pk))
    assert found == {
        "code": "PROGRAM_NOT_RUNNING",
        "message": "This program has not begun yet. It begins: 5 Jan 2126, 15:00.",
        "retryAt": begins.isoformat(),
        "details": [{"name": "what", "value": "not_begun"}],
    }


@pytest.mark.django_db
def test_staff_read_what_is_missing_and_when_they_may_again(move_clock: Move) -> None:
    move_clock(timedelta(0))
    here = shop(wanted=Wanted(is_tiered=True))
    program = {"programId": global_id("Program", here.program.pk)}
    found = refused(**program, amount=99)
    assert found["message"] == "€0.01 are missing to the minimum."
    assert {"name": "missing", "value": "1"} in found["details"]
    assert refused(**program)["details"] == [
        {"name": "field", "value": "amount"},
        {"name": "reason", "value": "missing"},
    ]
    Settings.objects.update(staff_cap=1, staff_cap_minutes=60)
    refused(**program, amount=100)
    found = refused(**program, amount=100)
    assert found["code"] == "STAFF_CAP"
    assert found["retryAt"] is not None
    assert " Possible again: " in found["message"]
