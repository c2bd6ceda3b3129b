"""/switch and /passcode, and what a browser that is a device may."""

from collections.abc import Callable

import pytest
from django.conf import settings
from django.test import Client

from loyalty.base.values import Role
from loyalty.devices.revoke_device import revoke_device
from loyalty.earning.mint import SaleInput, mint
from loyalty.models import Card, EarnSession
from tests.console.conftest import NewBrowser
from tests.factories import counter
from tests.factories.counter import PASSCODES, Till
from tests.factories.people import as_staff, place

pytestmark = pytest.mark.django_db


@pytest.fixture
def paired(new_browser: NewBrowser) -> Callable[[Till], Client]:
    """Makes the browser that is this device."""

    def make(at: Till) -> Client:
        browser = new_browser()
        browser.cookies[settings.DEVICE_COOKIE] = at.token
        return browser

    return make


def test_wrong_passcodes_say_so_then_lock(paired: Callable[[Till], Client]) -> None:
    at = counter.till()
    browser = paired(at)
    said = ["4 more tries", "3 more tries", "2 more tries", "1 more try", "locked now"]
    for who, left in zip((as_staff().id, "", "x", "9" * 30, 0), said, strict=True):
        answer = browser.post("/switch", {"staff": who, "passcode": "0713"})
        assert answer.status_code == 422
        assert "did not match" in answer.text
        assert left in answer.text
        assert ('name="passcode"' in answer.text) == (left != "locked now")
    anew = browser.get("/switch")
    assert anew.status_code == 200
    assert "This device is locked" in anew.text
    assert "An owner or manager unlocks it" in anew.text
    assert 'name="passcode"' not in anew.text
    right = {"staff": as_staff().id, "passcode": PASSCODES[Role.STAFF]}
    answer = browser.post("/switch", right)
    assert answer.status_code == 423
    assert "This device is locked" in answer.text
    assert settings.PERSON_COOKIE not in browser.cookies


def test_a_revoked_device_is_asked_to_pair(paired: Callable[[Till], Client]) -> None:
    at = counter.till()
    revoke_device(at.id, actor=as_staff(Role.OWNER))
    browser = paired(at)
    assert browser.get("/switch")["Location"] == "/pair"
    assert "This device was taken out of use" in browser.get("/pair").text


def test_whoever_is_off_reads_why(paired: Callable[[Till], Client], anybody: Client) -> None:
    at = counter.till()
    browser = paired(at)
    browser.cookies[settings.PERSON_COOKIE] = at.on()
    at.on(Role.MANAGER)
    assert browser.get("/staff")["Location"] == "/sign-in?next=/staff"
    found = browser.get("/sign-in").text
    assert "You were switched off" in found
    assert 'href="/switch"' in found
    revoke_device(at.id, actor=as_staff(Role.OWNER))
    found = browser.get("/sign-in").text
    assert "This device was taken out of use" in found
    assert 'href="/pair"' in found
    anybody.cookies[settings.PERSON_COOKIE] = anybody.cookies[settings.DEVICE_COOKIE] = "x" * 43
    for path in ("/sign-in", "/pair"):
        assert 'id="ended"' not in anybody.get(path).text


def test_a_manager_by_passcode_is_asked_for_the_password(new_browser: NewBrowser) -> None:
    at = counter.till()
    answer = new_browser(token=at.on(Role.MANAGER)).get("/devices")
    assert answer.status_code == 403
    assert "This needs your password" in answer.text
    assert 'href="/sign-in?next=/devices"' in answer.text
    assert "needs your password" not in new_browser(token=at.on()).get("/devices").text


def test_a_passcode_of_one_s_own(staff: Client, anybody: Client, ann: Client) -> None:
    assert anybody.get("/passcode")["Location"] == "/sign-in?next=/passcode"
    assert ann.get("/passcode").status_code == 403
    assert staff.post("/passcode", {"passcode": "80417"})["Location"] == "/passcode?saved=1"
    assert "Your passcode is set" in staff.get("/passcode?saved=1").text
    at = counter.till()
    assert at.on(passcode="80417")
    for typed, said in (("1234", "guessed first"), ("12", "four to six digits")):
        answer = staff.post("/passcode", {"passcode": typed})
        assert answer.status_code == 422
        assert said in answer.text
    assert at.on(passcode="80417")


def test_on_a_device_the_old_one_is_asked_for(new_browser: NewBrowser) -> None:
    at = counter.till()
    browser = new_browser(token=at.on())
    assert 'name="current"' in browser.get("/passcode").text
    assert browser.post("/passcode", {"passcode": "80417"}).status_code == 422
    wrong = {"passcode": "80417", "current": "0713"}
    answer = browser.post("/passcode", wrong)
    assert answer.status_code == 422
    assert "That is not your passcode" in answer.text
    assert "Your passcode is as it was" in answer.text
    assert "not signed in" not in answer.text
    right = {"passcode": "80417", "current": PASSCODES[Role.STAFF]}
    assert browser.post("/passcode", right).status_code == 303
    assert at.on(passcode="80417")


@pytest.mark.parametrize("who", ["anybody", "ann"])
def test_a_device_does_not_collect_what_was_made_on_it(
    who: str, request: pytest.FixtureRequest
) -> None:
    at, browser = counter.till(), request.getfixturevalue(who)
    wanted = SaleInput(place().program_id, place().location_id)
    path = f"/c/{mint(wanted, actor=at.actor(), token_key=settings.TOKEN_KEY).token}"
    browser.cookies[settings.DEVICE_COOKIE] = at.token
    answer = browser.post(path, {"email": "new@somewhere.example"})
    assert answer.status_code == 403
    assert "Staff cannot collect here" in answer.text
    assert EarnSession.objects.get().status == "open"
    assert not Card.objects.exists()
    del browser.cookies[settings.DEVICE_COOKIE]
    assert browser.post(path, {"email": "new@somewhere.example"}).status_code == 303
