"""A refusal about one of several ids says which: walked over all mutations that take ids."""

from base64 import b64encode
from typing import Any

import pytest
from graphql import GraphQLInputObjectType, get_named_type, get_nullable_type

from graphql_api.ids import global_id
from graphql_api.schema import schema
from loyalty.base.values import Role
from loyalty.models import Location, Preset, Program
from tests.factories import people
from tests.factories.people import place
from tests.factories.refusals import everything
from tests.factories.sales import ANN, sold
from tests.harness.asking import told

pytestmark = pytest.mark.django_db
SCHEMA = schema._schema  # noqa: SLF001  Strawberry has no other way
ASKED = """mutation ($input: %s!) { %s(input: $input) { __typename
  ... on Refusal { code message details { name value } } } }"""
# Whose ids count as tries, so that nobody hears which part was wrong.
TOLD_NOTHING = {"signInOnDevice"}
BY_CUSTOMER = {"requestBonus", "cancelRedemption"}
UNKNOWN = 2**62


def sale(**more: Any) -> dict[str, Any]:
    where = place()
    ids = {"Program": where.program_id, "Location": where.location_id}
    return {f"{kind.lower()}Id": global_id(kind, number) for kind, number in ids.items()} | more


def base(name: str) -> dict[str, Any]:
    """An input that is right as far as it goes."""
    where = {"locationId": global_id("Location", place().location_id)}
    return {
        "generateQR": sale(),
        "validateRedemption": {**where, "decision": "CONFIRM"},
        "refundRedemption": {"reason": "wrong"},
        "voidSession": {"reason": "wrong"},
        "reviewAnomaly": {"verdict": "APPROVE"},
        "renameDevice": {"name": "Till"},
        "setPasscode": {"passcode": "1593"},
    }.get(name, {})


def asked() -> list[tuple[str, str]]:
    """Every mutation with each of the ids in its input."""
    assert SCHEMA.mutation_type
    found = []
    for name, field in SCHEMA.mutation_type.fields.items():
        given = field.args.get("input")
        kind = get_named_type(given.type) if given else None
        if isinstance(kind, GraphQLInputObjectType):
            found += [(name, each) for each, one in kind.fields.items() if _is_id(one.type)]
    return [each for each in found if each[0] not in TOLD_NOTHING]


def _is_id(kind: Any) -> bool:
    return str(get_nullable_type(kind)) == "ID"


def refused(name: str, field: str, value: str) -> dict[str, Any]:
    given = base(name) | {field: value}
    if name == "requestBonus":
        sold()
        given.setdefault("cardId", _card())
    if name == "validateRedemption" and field != "redemptionId":
        given |= {"decision": "PREVIEW", "pin": "1234", "programId": sale()["programId"]}
        given |= {field: value}
    token = people.staff(Role.OWNER).token
    if name in BY_CUSTOMER:
        token = people.customer(ANN).token
    kind = f"{name[0].upper()}{name[1:]}Input"
    before = everything()
    found = told(ASKED % (kind, name), token=token, input=given).data
    assert everything() == before
    return dict(found)


def _card() -> str:
    found = told("{ me { ... on Customer { cards { id } } } }", token=people.customer(ANN).token)
    return str(found.data["cards"][0]["id"])


@pytest.mark.parametrize(("name", "field"), asked())
def test_an_id_that_is_none(name: str, field: str) -> None:
    for value in ("", "x", b64encode(b"Nothing:1").decode()):
        found = refused(name, field, value)
        assert (found["code"], found["details"]) == (
            "NOT_FOUND",
            [{"name": "field", "value": field}],
        )
        assert field in found["message"]
        assert found["message"].startswith("There is no such ")


KINDS = {
    "staffId": "StaffMember",
    "sessionId": "EarnSession",
    "redemptionId": "Redemption",
    "anomalyId": "Anomaly",
    "deviceId": "Device",
    "programId": "Program",
    "locationId": "Location",
    "presetId": "Preset",
    "cardId": "Card",
}


@pytest.mark.parametrize(("name", "field"), [each for each in asked() if each[1] in KINDS])
def test_an_id_of_nothing(name: str, field: str) -> None:
    """Of the right form, such as one of another business's."""
    if name == "validateRedemption" and field in {"locationId", "programId"}:
        # A place where nothing is given, and a PIN that matches in no other program.
        return
    found = refused(name, field, global_id(KINDS[field], UNKNOWN))
    if name == "validateRedemption":
        assert found["code"] in {"NOT_FOUND", "CODE_UNKNOWN"}
        return
    assert (found["code"], found["details"]) == ("NOT_FOUND", [{"name": "field", "value": field}])


MINT = ASKED % ("GenerateQRInput", "generateQR")


def test_places_that_do_not_go_together() -> None:
    kiosk = Location.objects.create(name="Kiosk", time_zone="UTC")
    preset = Preset.objects.get(pk=place().preset_id)
    Preset.objects.filter(pk=preset.pk).update(location=kiosk)
    token = people.staff().token
    given = sale(presetId=global_id("Preset", preset.pk))
    found = told(MINT, token=token, input=given).data
    assert (found["code"], found["message"]) == (
        "NOT_AT_THIS_LOCATION",
        "This button belongs to another location.",
    )
    assert found["details"] == [{"name": "what", "value": "preset"}]
    Program.objects.get(pk=place().program_id).locations.add(kiosk)
    found = told(MINT, token=token, input=sale()).data
    assert (found["code"], found["message"]) == (
        "NOT_AT_THIS_LOCATION",
        "This program does not run at this location.",
    )
    assert found["details"] == [{"name": "what", "value": "program"}]


def test_a_button_says_which_program() -> None:
    where, token = place(), people.staff().token
    given = {
        "presetId": global_id("Preset", where.preset_id),
        "locationId": global_id("Location", where.location_id),
        "idempotencyKey": "k",
    }
    made = told(MINT, token=token, input=given).data
    assert made["__typename"] == "EarnSession"
    Preset.objects.update(is_archived=True)
    # What was answered once is answered again, whatever became of the button.
    assert told(MINT, token=token, input=given).data["__typename"] == "EarnSession"
    found = told(MINT, token=token, input={**given, "idempotencyKey": "l"}).data
    assert (found["code"], found["details"]) == (
        "NOT_FOUND",
        [{"name": "field", "value": "presetId"}],
    )
    neither = {"locationId": given["locationId"]}
    found = told(MINT, token=token, input=neither).data
    assert found["code"] == "INVALID_INPUT"
    assert {each["value"] for each in found["details"]} == {"programId", "missing"}


@pytest.mark.parametrize(
    ("given", "field"),
    [
        ({"code": "123456"}, "claim"),
        ({"code": "123456", "claim": ""}, "claim"),
        ({"code": "123456", "email": ANN}, "claim"),
        ({"linkToken": "x"}, "claim"),
        ({"linkToken": "x", "email": ""}, "claim"),
        ({"claim": "x"}, "linkToken"),
        ({}, "linkToken"),
    ],
)
def test_a_sign_in_without_its_claim(given: dict[str, str], field: str) -> None:
    before = everything()
    found = told(ASKED % ("SignInCustomerInput", "signInCustomer"), token=None, input=given).data
    assert found["code"] == "INVALID_INPUT"
    details = {each["name"]: each["value"] for each in found["details"]}
    assert details == {"field": field, "reason": "missing"}
    assert everything() == before
