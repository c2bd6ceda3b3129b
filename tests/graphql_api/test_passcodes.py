"""Passcodes over GraphQL, and where a device is named."""

import pytest

from graphql_api.ids import global_id
from loyalty.base.values import Role
from loyalty.db.roundtrip import insert, send
from loyalty.findings.find_anomalies import find_anomalies
from loyalty.models import Event, StaffMember
from tests.factories import people
from tests.factories.counter import till
from tests.factories.device_operations import PASSCODE
from tests.factories.operations import MINT
from tests.factories.people import as_staff, place
from tests.harness.asking import told
from tests.harness.clock import now

pytestmark = pytest.mark.django_db


def token(role: Role) -> str:
    return people.staff(role).token


def test_passcodes_over_graphql() -> None:
    till()
    mine = told(PASSCODE, token=token(Role.STAFF), input={"passcode": "80417"}).data
    assert mine["staff"] == {"name": "Staff"}
    owner = {"passcode": "80417", "staffId": global_id("StaffMember", as_staff(Role.OWNER).id)}
    before = list(StaffMember.objects.order_by("pk").values())
    assert told(PASSCODE, token=token(Role.MANAGER), input=owner).data["code"] == "NOT_FOUND"
    customer = people.customer("ann@alpha.example").token
    assert told(PASSCODE, token=customer, input={"passcode": "80417"}).codes == {"FORBIDDEN"}
    assert told(PASSCODE, token=None, input={"passcode": "80417"}).codes == {"UNAUTHENTICATED"}
    easy = told(PASSCODE, token=token(Role.STAFF), input={"passcode": "1234"}).data
    assert easy["details"] == [
        {"name": "field", "value": "passcode"},
        {"name": "reason", "value": "easy"},
    ]
    assert list(StaffMember.objects.order_by("pk").values()) == before


def test_a_wrong_one_of_now_says_what_is_wrong() -> None:
    given = {"passcode": "80417", "current": "0713"}
    found = told(PASSCODE, token=till().on(), input=given).data
    assert found["code"] == "SIGN_IN_FAILED"
    assert found["message"].startswith("This is not your passcode as it is now. Nothing was")
    assert {"name": "what", "value": "current"} in found["details"]


def test_the_review_list_and_the_explanation_name_the_device() -> None:
    at = till("Bar")
    sale = {
        "programId": global_id("Program", place().program_id),
        "locationId": global_id("Location", place().location_id),
    }
    made = told(MINT, token=at.on(), input=sale).data
    explained = "query ($id: ID!) { explain(sessionId: $id) }"
    lines = told(explained, token=token(Role.OWNER), id=made["id"]).data
    assert "Device: Bar." in lines[0]
    details = {"what": "device", "wrong": 5}
    row = {"id": Event.objects.latest("id").pk + 1, "kind": "pin_closed", "at": now()}
    send(insert(Event, **row, device_id=at.id, details=details))
    find_anomalies()
    query = "{ anomalies { edges { node { text device { name } } } } }"
    (edge,) = told(query, token=token(Role.OWNER)).data["edges"]
    assert edge["node"] == {
        "text": "PIN entry on a device was closed after 5 wrong PINs there.",
        "device": {"name": "Bar"},
    }
