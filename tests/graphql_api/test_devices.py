"""Devices over GraphQL: who may what, and how little a device's own token is good for."""

from typing import Any

import pytest

from graphql_api.ids import global_id
from loyalty.base.values import Role
from loyalty.devices.revoke_device import revoke_device
from loyalty.guards.limits import LOOK_UPS
from loyalty.models import Device
from tenants import context
from tests.factories import people
from tests.factories.counter import PASSCODES, everything, till
from tests.factories.device_operations import (
    CHANGES,
    CODE,
    LIST,
    NODE,
    PAIR,
    PASSCODE,
    PRESETS,
    SELF,
    SIGN_IN,
    SIGN_OUT,
)
from tests.factories.operations import COLLECT, ME, MINT, REQUEST, VALIDATE, VOID
from tests.factories.people import as_staff, place
from tests.factories.using_up import use_up
from tests.harness.asking import Told, told
from tests.harness.clock import now

pytestmark = pytest.mark.django_db


def token(role: Role) -> str:
    return people.staff(role).token


def here() -> dict[str, str]:
    return {"locationId": global_id("Location", place().location_id)}


def body(number: int, **more: str) -> dict[str, Any]:
    return {"input": {"deviceId": global_id("Device", number), **more}}


def test_from_pairing_to_the_first_sale() -> None:
    till()
    code = told(CODE, token=token(Role.OWNER), input=here()).data
    assert (code["secondsLeft"], code["location"]) == (600, {"name": "Alpha Coffee"})
    assert code["qrSvg"].startswith("<?xml")
    found = told(PAIR, token=None, input={"code": code["pairingCode"], "name": "Bar"}).data
    assert found["location"] == {"id": here()["locationId"]}
    assert [each["name"] for each in found["staff"]] == ["Manager", "Owner", "Staff"]
    own = told(SELF, token=found["deviceToken"]).data
    assert (own["name"], own["triesLeft"], own["id"]) == ("Bar", 5, found["deviceId"])
    who = {"staffId": found["staff"][2]["id"], "passcode": PASSCODES[Role.STAFF]}
    signed_in = told(SIGN_IN, token=found["deviceToken"], input=who).data
    assert signed_in["viewer"] == {"name": "Staff"}
    sale = {**here(), "programId": global_id("Program", place().program_id)}
    made = told(MINT, token=signed_in["accessToken"], input=sale).data
    assert made["__typename"] == "EarnSession"


def test_codes_that_pair_nothing_say_why() -> None:
    till()
    code = told(CODE, token=token(Role.OWNER), input=here()).data["pairingCode"]
    told(PAIR, token=None, input={"code": code, "name": "Bar"})
    found = told(PAIR, token=None, input={"code": code, "name": "Two"}).data
    assert found["code"] == "LINK_EXPIRED"
    assert found["message"].startswith("This code was used, or is over.")
    guess = {"code": "0000-0000", "name": "Bar"}
    assert told(PAIR, token=None, input=guess).data["code"] == "CODE_UNKNOWN"
    use_up(LOOK_UPS, "pairing 192.0.2.1")
    found = told(PAIR, token=None, input=guess).data
    assert found["code"] == "RATE_LIMITED"
    assert " Possible again: " in found["message"]
    codes = [told(CODE, token=token(Role.OWNER), input=here()).data for _ in range(21)]
    assert "pairingCode" in codes[19]
    assert codes[20]["code"] == "RATE_LIMITED"
    assert codes[20]["message"].startswith("20 pairing codes wait to be used")


def used(of: str) -> dict[str, Told]:
    """Everything that a bearer could want, with this token."""
    program = {"programId": global_id("Program", place().program_id)}
    number = Device.objects.order_by("pk")[0].pk
    return {
        "mint": told(MINT, token=of, input={**here(), **program}),
        "dry run": told(MINT, token=of, input={**here(), **program, "dryRun": True}),
        "validate": told(
            VALIDATE, token=of, input={**here(), **program, "decision": "PREVIEW", "pin": "0000"}
        ),
        "void": told(VOID, token=of, input={"sessionId": global_id("EarnSession", 1)}),
        "collect": told(COLLECT, token=of, input={"token": "x", "email": "a@b.example"}),
        "request": told(REQUEST, token=of, input={"cardId": global_id("Card", 1)}),
        "me": told(ME, token=of),
        "presets": told(PRESETS, token=of),
        "devices": told(LIST, token=of),
        "code": told(CODE, token=of, input=here()),
        "passcode": told(PASSCODE, token=of, input={"passcode": "80417"}),
        "node": told(NODE, token=of, id=global_id("Device", number)),
        **{
            name: told(query, token=of, **body(number, **extra))
            for (name, query), extra in zip(
                CHANGES.items(), ({"name": "Mine"}, {}, {}), strict=True
            )
        },
    }


def test_a_device_token_alone_does_nothing_but_list_and_sign_in() -> None:
    at = till()
    before = everything()
    for what, answer in used(at.token).items():
        assert answer.codes == {"UNAUTHENTICATED"}, (what, answer)
    assert told(SIGN_OUT, token=at.token).data is False
    assert everything() == before
    assert told(SELF, token=at.token).data["staff"]


@pytest.mark.parametrize("who", ["nobody", "customer", "staff token", "foreign", "revoked"])
def test_who_is_no_device(who: str) -> None:
    at, gone = till(), till("Gone")
    revoke_device(gone.id, actor=as_staff(Role.OWNER))
    with context.business("beta"):
        foreign = till().token
    tokens = {
        "nobody": None,
        "customer": people.customer("ann@alpha.example").token,
        "staff token": at.on(),
        "foreign": foreign,
        "revoked": gone.token,
    }
    before = everything()
    right = {
        "staffId": global_id("StaffMember", as_staff().id),
        "passcode": PASSCODES[Role.STAFF],
    }
    assert told(SELF, token=tokens[who]).codes == {"UNAUTHENTICATED"}
    assert told(SIGN_IN, token=tokens[who], input=right).codes == {"UNAUTHENTICATED"}
    assert everything() == before


@pytest.mark.parametrize(
    "staff_id", ["", "x", global_id("Device", 1), global_id("StaffMember", 9_999)]
)
def test_unknown_people_and_wrong_passcodes_are_answered_alike_and_counted(staff_id: str) -> None:
    at = till()
    wrong = {"staffId": global_id("StaffMember", as_staff().id), "passcode": "0713"}
    first = told(SIGN_IN, token=at.token, input=wrong).data
    there = till("There")
    other = told(SIGN_IN, token=there.token, input={**wrong, "staffId": staff_id}).data
    assert first == other
    assert first["code"] == "SIGN_IN_FAILED"
    assert {"name": "triesLeft", "value": "4"} in first["details"]
    assert at.row.tries == there.row.tries == 1


def test_each_wrong_one_says_how_many_are_left_and_the_last_that_it_is_locked() -> None:
    at = till()
    wrong = {"staffId": global_id("StaffMember", as_staff().id), "passcode": "0713"}
    found = [told(SIGN_IN, token=at.token, input=wrong).data for _ in range(6)]
    assert [each["code"] for each in found] == ["SIGN_IN_FAILED"] * 5 + ["DEVICE_LOCKED"]
    left = [{each["name"]: each["value"] for each in one["details"]} for one in found[:5]]
    assert [each["triesLeft"] for each in left] == ["4", "3", "2", "1", "0"]
    assert "1 more wrong one locks this device." in found[3]["message"]
    assert "This device is locked now. An owner or manager" in found[4]["message"]
    assert "An owner or manager" in found[5]["message"]
    assert told(SELF, token=at.token).data["triesLeft"] == 0


def test_a_locked_device_says_so() -> None:
    at = till()
    Device.objects.update(tries=5, locked_at=now())
    right = {
        "staffId": global_id("StaffMember", as_staff().id),
        "passcode": PASSCODES[Role.STAFF],
    }
    found = told(SIGN_IN, token=at.token, input=right).data
    assert found["code"] == "DEVICE_LOCKED"
    assert "An owner or manager unlocks it" in found["message"]
    assert told(SELF, token=at.token).data["isLocked"] is True
    unlocked = told(CHANGES["unlockDevice"], token=token(Role.MANAGER), **body(at.id)).data
    assert unlocked["isLocked"] is False
    assert told(SIGN_IN, token=at.token, input=right).data["__typename"] == "SignedIn"


@pytest.mark.parametrize("who", ["nobody", "customer", "staff", "owner on a device", "foreign"])
def test_managing_is_not_for_everybody(who: str) -> None:
    at = till()
    with context.business("beta"):
        foreign = people.staff(Role.OWNER).token
    tokens = {
        "nobody": None,
        "customer": people.customer("ann@alpha.example").token,
        "staff": token(Role.STAFF),
        "owner on a device": at.on(Role.OWNER),
        "foreign": foreign,
    }
    expected = "UNAUTHENTICATED" if who in {"nobody", "foreign"} else "FORBIDDEN"
    before = everything()
    asked = [
        told(LIST, token=tokens[who]),
        told(CODE, token=tokens[who], input=here()),
        told(CHANGES["renameDevice"], token=tokens[who], **body(at.id, name="Mine")),
        told(CHANGES["unlockDevice"], token=tokens[who], **body(at.id)),
        told(CHANGES["revokeDevice"], token=tokens[who], **body(at.id)),
    ]
    assert [answer.codes for answer in asked] == [{expected}] * 5
    node = told(NODE, token=tokens[who], id=global_id("Device", at.id))
    assert node.data is None
    assert everything() == before


def test_a_device_of_another_business_is_not_found() -> None:
    at = till()
    with context.business("beta"):
        owner = people.staff(Role.OWNER).token
        for name, query in CHANGES.items():
            extra = {"name": "Mine"} if name == "renameDevice" else {}
            found = told(query, token=owner, **body(at.id, **extra)).data
            assert found["code"] == "NOT_FOUND"
        assert told(LIST, token=owner).data["edges"] == []
    assert at.row.revoked_at is None


def test_managers_list_rename_and_revoke() -> None:
    at, other = till("One"), till("Two")
    manager = token(Role.MANAGER)
    found = told(CHANGES["renameDevice"], token=manager, **body(at.id, name="Bar")).data
    assert found["name"] == "Bar"
    gone = told(CHANGES["revokeDevice"], token=manager, **body(other.id)).data
    assert gone["revokedAt"]
    again = told(CHANGES["renameDevice"], token=manager, **body(other.id, name="Three")).data
    assert again["code"] == "NOT_FOUND"
    assert again["message"] == "This device was taken out of use. Pair it again."
    names = [edge["node"]["name"] for edge in told(LIST, token=manager).data["edges"]]
    assert names == ["Bar"]
    every = told(LIST, token=manager, **{"with": True}).data["edges"]
    assert [edge["node"]["name"] for edge in every] == ["Bar", "Two"]
    assert every[0]["node"]["pairedBy"] == {"name": "Manager"}
    assert told(NODE, token=manager, id=gone["id"]).data == {"name": "Two"}
