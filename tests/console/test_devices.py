"""/devices and /pair."""

import re

import pytest
from django.conf import settings
from django.test import Client

from loyalty.base.values import Role, StaffActor
from loyalty.devices.pair_device import pair_device
from loyalty.guards.limits import LOOK_UPS
from loyalty.models import AccessToken, Device, PairingCode
from loyalty.people.viewer import viewer
from tenants import context
from tests.console.conftest import NewBrowser
from tests.factories import counter, people
from tests.factories.counter import PASSCODES, everything
from tests.factories.people import as_staff, place
from tests.factories.using_up import use_up

pytestmark = pytest.mark.django_db
PAGES = ("/devices", "/devices/code", "/devices/{0}/rename", "/devices/{0}/unlock")


@pytest.fixture
def manager(new_browser: NewBrowser) -> Client:
    """A manager's browser."""
    return new_browser(token=people.staff(Role.MANAGER).token)


def new_code(browser: Client) -> str:
    """The code on the page to which making one leads."""
    answer = browser.post("/devices/code", {"location": place().location_id})
    assert answer.status_code == 303
    found = re.search(r"[0-9A-Z]{4}-[0-9A-Z]{4}", browser.get(answer["Location"]).text)
    assert found
    return found[0]


def test_a_browser_is_paired_and_switched_on(manager: Client, anybody: Client) -> None:
    counter.till("First")
    code = new_code(manager)
    before = everything()
    for path in ("/pair", f"/pair/{code}"):
        answer = anybody.get(path)
        assert answer.status_code == 200
        assert answer["Referrer-Policy"] == "no-referrer"
    assert everything() == before
    answer = anybody.post("/pair", {"code": code.lower(), "name": "Bar"})
    assert (answer.status_code, answer["Location"]) == (303, "/switch")
    cookie = anybody.cookies[settings.DEVICE_COOKIE]
    assert (cookie["httponly"], cookie["samesite"]) == (True, "Lax")
    found = anybody.get("/switch").text
    assert "Bar" in found
    assert "Nobody is switched on now." in found
    who = {"staff": as_staff().id, "passcode": PASSCODES[Role.STAFF]}
    assert anybody.post("/switch", who)["Location"] == "/staff"
    actor = viewer(anybody.cookies[settings.PERSON_COOKIE].value)
    assert isinstance(actor, StaffActor)
    assert actor.device_id == Device.objects.get(name="Bar").pk
    assert "Switched on now: Staff." in anybody.get("/switch").text
    assert 'value="/switch"' in anybody.get("/staff").text
    anybody.post("/sign-out", {"next": "/switch"})
    assert "Nobody is switched on now." in anybody.get("/switch").text


def test_whoever_pairs_does_not_stay_signed_in(manager: Client) -> None:
    token = manager.cookies[settings.PERSON_COOKIE].value
    manager.post("/pair", {"code": new_code(manager), "name": "Bar"})
    assert manager.cookies[settings.PERSON_COOKIE].value == ""
    assert AccessToken.objects.filter(revoked_at__isnull=False).count() == 1
    assert not isinstance(viewer(token), StaffActor)


def test_codes_that_do_not_pair(manager: Client, anybody: Client) -> None:
    code = new_code(manager)
    before = everything()
    assert anybody.post("/pair", {"code": "0000-0000", "name": "Bar"}).status_code == 404
    answer = anybody.post("/pair", {"code": code, "name": " "})
    assert answer.status_code == 422
    assert code in answer.text
    assert everything()[:-1] == before[:-1]
    anybody.post("/pair", {"code": code, "name": "Bar"})
    assert anybody.post("/pair", {"code": code, "name": "Two"}).status_code == 410
    assert Device.objects.count() == 1


def test_guessing_and_piling_up_codes_end(manager: Client, anybody: Client) -> None:
    code = new_code(manager)
    guess = {"code": "0000-0000", "name": "Bar"}
    assert anybody.post("/pair", guess).status_code == 404
    use_up(LOOK_UPS, "pairing 127.0.0.1")
    answer = anybody.post("/pair", guess)
    assert answer.status_code == 429
    assert "Try again in" in answer.text
    assert not Device.objects.exists()
    # Anybody who else is behind the address pairs all the same.
    assert anybody.post("/pair", {"code": code, "name": "Bar"}).status_code == 303
    for _ in range(20):
        new_code(manager)
    answer = manager.post("/devices/code", {"location": place().location_id})
    assert answer.status_code == 429
    assert "Too many pairing codes wait" in answer.text


def test_a_code_is_shown_to_its_maker_while_it_is_good(
    manager: Client, new_browser: NewBrowser
) -> None:
    code = new_code(manager)
    path = f"/devices?code={PairingCode.objects.get().pk}"
    assert code in manager.get(path).text
    assert code not in new_browser(token=people.staff(Role.OWNER).token).get(path).text
    pair_device(code, "Bar", ip="192.0.2.1", token_key=settings.TOKEN_KEY)
    assert code not in manager.get(path).text


@pytest.mark.parametrize("location", ["", "x", "9" * 30, "-1", "999999"])
def test_no_code_for_places_that_are_not_there(manager: Client, location: str) -> None:
    assert manager.post("/devices/code", {"location": location}).status_code == 404
    assert not PairingCode.objects.exists()


def test_managers_rename_unlock_and_revoke(manager: Client) -> None:
    at = counter.till()
    Device.objects.update(tries=5, locked_at=at.row.paired_at)
    assert "Locked after five wrong passcodes" in manager.get("/devices").text
    for change, given in (("unlock", {}), ("rename", {"name": "Bar"}), ("revoke", {})):
        answer = manager.post(f"/devices/{at.id}/{change}", given)
        assert answer["Location"] == f"/devices?changed={at.id}#device-{at.id}"
    row = at.row
    assert (row.tries, row.name, row.revoked_at is not None) == (0, "Bar", True)
    gone = manager.get(answer["Location"]).text
    assert "The device is out of use" in gone
    assert "No device is paired yet" in gone
    assert "out of use" not in manager.get("/devices").text


def test_a_name_that_cannot_be_used_is_said_at_its_device(manager: Client) -> None:
    at = counter.till()
    answer = manager.post(f"/devices/{at.id}/rename", {"name": " "})
    assert answer.status_code == 422
    assert "This name cannot be used" in answer.text
    assert at.row.name == "Till"


@pytest.mark.parametrize("who", ["anybody", "ann", "staff"])
def test_not_for_everybody(who: str, request: pytest.FixtureRequest) -> None:
    at = counter.till()
    browser: Client = request.getfixturevalue(who)
    before = everything()
    for path in PAGES:
        address = path.format(at.id)
        answer = browser.get(address) if path == "/devices" else browser.post(address)
        if who == "anybody":
            assert answer["Location"] == "/sign-in?next=/devices"
        else:
            assert answer.status_code == 403
    assert everything() == before


def test_nor_for_another_business(new_browser: NewBrowser) -> None:
    at = counter.till()
    with context.business("beta"):
        owner = people.staff(Role.OWNER).token
    before = everything()
    here = new_browser(token=owner)
    assert here.post(f"/devices/{at.id}/revoke")["Location"] == "/sign-in?next=/devices"
    there = new_browser(token=owner, host="beta.localhost")
    assert there.post(f"/devices/{at.id}/revoke").status_code == 404
    assert everything() == before


def test_forms_need_their_token(new_browser: NewBrowser) -> None:
    at = counter.till()
    strict = new_browser(token=people.staff(Role.OWNER).token, strict=True)
    for path in (f"/devices/{at.id}/revoke", "/devices/code", "/passcode", "/pair", "/switch"):
        assert strict.post(path).status_code == 403
    assert at.row.revoked_at is None
