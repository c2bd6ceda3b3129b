"""What is refused again and again fills no table: every mutation, by ever new words."""

import os
from collections.abc import Callable
from dataclasses import dataclass
from datetime import timedelta
from typing import Any

import pytest
from django.db import connection

from graphql_api.ids import global_id
from graphql_api.schema import schema
from loyalty.base.values import Role
from loyalty.db.roundtrip import database_now
from loyalty.devices.create_pairing_code import create_pairing_code
from loyalty.earning.collect import collect
from loyalty.earning.mint import SaleInput, mint
from loyalty.guards import limits
from loyalty.models import Allowance, Event, Settings, Tally
from loyalty.waiting.queue_session import QueueAsker, queue_session
from tests.factories import people
from tests.factories.counter import till
from tests.factories.people import as_customer, as_staff, place
from tests.factories.using_up import use_up
from tests.harness.asking import told

pytestmark = pytest.mark.django_db
# `REFUSALS=200` is the long form.
TIMES = int(os.environ.get("REFUSALS", "40"))
# Rows that a table may gain, however often the same is refused.
AT_MOST = 6
KEY, IP = "k", "192.0.2.1"
Body = Callable[[int], dict[str, Any]]


@dataclass(frozen=True)
class Case:
    """A mutation, its caller's token, and what is sent the n-th time."""

    mutation: str
    token: str | None
    body: Body
    code: str


def nowhere(kind: str) -> str:
    return global_id(kind, 2**62)


def sale() -> dict[str, str]:
    where = place()
    return {
        "programId": global_id("Program", where.program_id),
        "locationId": global_id("Location", where.location_id),
    }


def session() -> str:
    where = place()
    wanted = SaleInput(where.program_id, where.location_id)
    return mint(wanted, actor=as_staff(Role.MANAGER), token_key=KEY).token or ""


def own(n: int) -> dict[str, Any]:
    return {"email": f"manager+{n}@alpha.example", "idempotencyKey": f"a key of my own {n}"}


def of_strangers() -> list[Case]:
    """Callers without a token."""
    fresh, taken, collected = session(), session(), session()
    queue_session(taken, typed="eve@x.example", who=QueueAsker(ip="192.0.2.9"), token_key=KEY)
    collect(collected, actor=as_customer("ann@alpha.example"), ip=IP)
    for limit in (limits.LINKS_ADDRESS, limits.PASSWORDS_ADDRESS):
        use_up(limit, IP)
    return [
        Case("collect", None, lambda n: {"token": f"x{n}", **own(n)}, "CODE_UNKNOWN"),
        Case("collect", None, lambda n: {"token": fresh, **own(n)}, "OWN_SESSION"),
        Case("collect", None, lambda n: {"token": taken, **own(n)}, "ALREADY_COLLECTED"),
        Case("collect", None, lambda n: {"token": collected, **own(n)}, "ALREADY_COLLECTED"),
        Case("requestMagicLink", None, lambda n: {"email": f"e{n}@x.example"}, "RATE_LIMITED"),
        Case("requestMagicLink", None, lambda n: {"email": f"e{n}"}, "INVALID_INPUT"),
        Case(
            "signInCustomer",
            None,
            lambda n: {"linkToken": f"l{n}", "claim": f"c{n}"},
            "SIGN_IN_FAILED",
        ),
        Case(
            "signInCustomer", None, lambda n: {"code": f"{n}", "claim": f"c{n}"}, "SIGN_IN_FAILED"
        ),
        Case(
            "signInStaff",
            None,
            lambda n: {"email": f"e{n}@x.example", "password": f"{n}"},
            "RATE_LIMITED",
        ),
        Case(
            "pairDevice", None, lambda n: {"code": f"code{n:04d}", "name": f"T{n}"}, "CODE_UNKNOWN"
        ),
    ]


def of_customers() -> list[Case]:
    """Somebody with a card, and nothing on it."""
    fresh = session()
    collect(fresh, actor=as_customer("ann@alpha.example"), ip=IP)
    token = people.customer("ann@alpha.example").token
    bob = people.customer("bob@alpha.example").token

    def key(n: int) -> dict[str, str]:
        return {"idempotencyKey": f"key {n}"}

    return [
        Case("collect", bob, lambda n: {"token": fresh, **key(n)}, "ALREADY_COLLECTED"),
        Case("collect", bob, lambda n: {"token": f"x{n}", **key(n)}, "CODE_UNKNOWN"),
        Case("requestBonus", token, lambda n: {"cardId": nowhere("Card"), **key(n)}, "NOT_FOUND"),
        Case(
            "cancelRedemption",
            token,
            lambda n: {"redemptionId": nowhere("Redemption"), **key(n)},
            "NOT_FOUND",
        ),
        Case("setBirthday", token, lambda n: {"month": 13 + n, "day": 1}, "INVALID_INPUT"),
        Case("setNickname", token, lambda n: {"nickname": f"<{n}"}, "INVALID_INPUT"),
    ]


def of_staff() -> list[Case]:
    """The counter: over the cap, with wrong PINs and codes, on a device with wrong passcodes."""
    token, device = people.staff().token, till()
    mint(SaleInput(*place_of_sale()), actor=as_staff(), token_key=KEY)
    Settings.objects.update(staff_cap=1)
    here = {"locationId": sale()["locationId"], "decision": "PREVIEW"}
    pin = {**here, "programId": sale()["programId"]}
    return [
        Case("generateQR", token, lambda n: {**sale(), "idempotencyKey": f"{n}"}, "STAFF_CAP"),
        Case("generateQR", token, lambda n: {**sale(), "quantity": n + 2}, "INVALID_INPUT"),
        Case("validateRedemption", token, lambda n: {**here, "token": f"x{n}"}, "CODE_UNKNOWN"),
        Case("validateRedemption", token, lambda n: {**pin, "pin": f"{n:04d}"}, "PIN_LOCKED"),
        Case("voidSession", token, lambda _: {"sessionId": nowhere("EarnSession")}, "NOT_FOUND"),
        Case(
            "signInOnDevice",
            device.token,
            lambda n: {"staffId": global_id("StaffMember", 2**62 + n), "passcode": f"{n:04d}"},
            "DEVICE_LOCKED",
        ),
        Case("setPasscode", token, lambda n: {"passcode": f"{n}"}, "INVALID_INPUT"),
    ]


def of_owners() -> list[Case]:
    """The office."""
    token = people.staff(Role.OWNER).token
    where = place().location_id
    for _ in range(20):
        create_pairing_code(where, actor=as_staff(Role.OWNER), token_key=KEY)

    def device(n: int) -> dict[str, str]:
        return {"deviceId": nowhere("Device"), "name": f"Till {n}"}

    return [
        Case(
            "createPairingCode",
            token,
            lambda _: {"locationId": sale()["locationId"]},
            "RATE_LIMITED",
        ),
        Case("renameDevice", token, device, "NOT_FOUND"),
        Case("unlockDevice", token, lambda n: {"deviceId": device(n)["deviceId"]}, "NOT_FOUND"),
        Case("revokeDevice", token, lambda n: {"deviceId": device(n)["deviceId"]}, "NOT_FOUND"),
        Case(
            "refundRedemption",
            token,
            lambda n: {"redemptionId": nowhere("Redemption"), "reason": f"because {n}"},
            "NOT_FOUND",
        ),
        Case(
            "reopenPinEntry",
            token,
            lambda n: {"programId": nowhere("Program"), "idempotencyKey": f"{n}"},
            "NOT_FOUND",
        ),
        Case(
            "reviewAnomaly",
            token,
            lambda n: {"anomalyId": nowhere("Anomaly"), "verdict": "APPROVE", "reason": f"{n}"},
            "NOT_FOUND",
        ),
        Case("setLevels", token, lambda n: {"levels": [], "periodDays": -n}, "INVALID_INPUT"),
    ]


def place_of_sale() -> tuple[int, int]:
    where = place()
    return where.program_id, where.location_id


GROUPS = {
    "strangers": of_strangers,
    "customers": of_customers,
    "staff": of_staff,
    "owners": of_owners,
}
# It has no input, and what it is refused is nothing.
WITHOUT_REFUSAL = {"signOut"}


def rows() -> dict[str, int]:
    """How many each table of the business has, and the queue of jobs."""
    with connection.cursor() as cursor:
        cursor.execute(
            "SELECT table_schema, table_name FROM information_schema.tables"
            " WHERE table_type = 'BASE TABLE' AND table_schema IN ('alpha', 'public')"
        )
        found = cursor.fetchall()
        count = " UNION ALL ".join(
            f"SELECT '{schema}.{name}', count(*) FROM {schema}.{name}"  # noqa: S608  our own names
            for schema, name in found
        )
        cursor.execute(count)
        return dict(cursor.fetchall())


def said(case: Case, n: int) -> str:
    kind = case.mutation[0].upper() + case.mutation[1:]
    query = (
        f"mutation ($input: {kind}Input!) {{ {case.mutation}(input: $input)"
        " { __typename ... on Refusal { code } } }"
    )
    found = told(query, token=case.token, input=case.body(n))
    return str(found.data["code"]) if found.data and "code" in found.data else f"{found.codes}"


@pytest.mark.parametrize("group", GROUPS)
def test_no_refusal_fills_a_table(group: str, move_clock: Callable[[timedelta], None]) -> None:
    # At the start of an hour: what is counted by the hour is counted in one.
    move_clock(timedelta(0))
    grown: dict[str, dict[str, int]] = {}
    for number, case in enumerate(GROUPS[group]()):
        # Each case by itself: several of them count as look-ups of one caller.
        Allowance.objects.filter(full_at__lt=database_now() + limits.HOUR).delete()
        before = rows()
        heard = [said(case, n) for n in range(TIMES)]
        after = rows()
        assert heard[TIMES // 2] == case.code, (case.mutation, set(heard))
        more = {name: after[name] - before[name] for name in after if after[name] > before[name]}
        if any(each > AT_MOST for each in more.values()):
            grown[f"{case.mutation} {number}"] = more
    assert not grown


def test_every_mutation_is_tried() -> None:
    tried = {case.mutation for make in GROUPS.values() for case in make()}
    assert tried == mutations() - WITHOUT_REFUSAL


def mutations() -> set[str]:
    found = schema._schema.mutation_type  # noqa: SLF001  graphql-core's schema has the names as sent
    assert found
    return set(found.fields)


def test_a_refused_sale_is_told_once_an_hour_and_counted(
    move_clock: Callable[[timedelta], None],
) -> None:
    move_clock(timedelta(0))
    token = people.staff().token
    mint(SaleInput(*place_of_sale()), actor=as_staff(), token_key=KEY)
    Settings.objects.update(staff_cap=1, staff_cap_minutes=600)
    for hour in range(2):
        move_clock(timedelta(hours=hour))
        for n in range(5):
            assert said(Case("generateQR", token, lambda _: sale(), ""), n) == "STAFF_CAP"
    lines = Event.objects.filter(kind="refused", code="STAFF_CAP")
    assert [each.staff_id for each in lines] == [as_staff().id] * 2
    counts = Tally.objects.filter(what__startswith="refused mint ")
    assert sorted(counts.values_list("count", flat=True)) == [5, 5]
