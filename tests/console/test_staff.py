"""/sign-in, /staff and /sign-out."""

import pytest
from django.conf import settings
from django.test import Client

from loyalty.base.values import Role
from loyalty.guards.limits import PASSWORDS_ADDRESS, PASSWORDS_PERSON, PASSWORDS_PERSON_HERE
from loyalty.models import AccessToken
from tests.console.conftest import NewBrowser
from tests.factories import people
from tests.factories.counter import till
from tests.factories.people import PASSWORD
from tests.factories.using_up import use_up

pytestmark = pytest.mark.django_db
OWNER = {"email": "owner@alpha.example", "password": PASSWORD}


def test_staff_sign_in_and_land_on_their_page(anybody: Client) -> None:
    answer = anybody.post("/sign-in", OWNER)
    assert (answer.status_code, answer["Location"]) == (303, "/staff")
    page = anybody.get("/staff").text
    assert "Signed in: Owner" in page
    assert 'href="/graphql"' in page


@pytest.mark.parametrize(
    ("wanted", "led"),
    [
        ("/graphql", "/graphql"),
        ("/c/x?y=1", "/c/x?y=1"),
        ("https://evil.example/", "/staff"),
        ("//evil.example", "/staff"),
        ("/\\evil.example", "/staff"),
        ("javascript:alert(1)", "/staff"),
        ("///evil.example", "/staff"),
        ("", "/staff"),
    ],
)
def test_next_stays_on_this_host(wanted: str, led: str, anybody: Client) -> None:
    assert anybody.post("/sign-in", {**OWNER, "next": wanted})["Location"] == led


def test_wrong_passwords_say_so_then_lock_with_a_time(anybody: Client) -> None:
    wrong = {**OWNER, "password": "wrong"}
    answer = anybody.post("/sign-in", wrong)
    assert answer.status_code == 422
    assert "You are not signed in" in answer.text
    use_up(PASSWORDS_PERSON_HERE, f"127.0.0.1 {OWNER['email']}")
    answer = anybody.post("/sign-in", OWNER)
    assert answer.status_code == 429
    assert "Try again in" in answer.text
    assert settings.PERSON_COOKIE not in anybody.cookies


def test_a_browser_where_somebody_signed_in_before_is_not_closed_by_guests(
    anybody: Client, new_browser: NewBrowser
) -> None:
    assert anybody.post("/sign-in", OWNER).status_code == 303
    assert anybody.post("/sign-out").status_code == 303
    known = anybody.cookies[settings.KNOWN_COOKIE]
    assert (known["httponly"], known["samesite"], known["domain"]) == (True, "Lax", "")
    for limit, key in (
        (PASSWORDS_PERSON_HERE, f"127.0.0.1 {OWNER['email']}"),
        (PASSWORDS_PERSON, OWNER["email"]),
        (PASSWORDS_ADDRESS, "127.0.0.1"),
    ):
        use_up(limit, key)
    assert new_browser().post("/sign-in", OWNER).status_code == 429
    assert anybody.post("/sign-in", OWNER).status_code == 303
    # Nor by a cookie of the name that a sibling host planted.
    for header in (f"known=planted; known={known.value}", f"known={known.value}; known=planted"):
        shadowed = new_browser().post("/sign-in", OWNER, headers={"cookie": header})
        assert shadowed.status_code == 303
    # On the counter's device too, no matter who has signed in there before.
    device = new_browser()
    device.cookies[settings.DEVICE_COOKIE] = till().token
    assert device.post("/sign-in", OWNER).status_code == 303


@pytest.mark.parametrize("email", ["", "nobody@alpha.example", "owner\0@alpha.example", "x" * 900])
def test_nobody_by_that_name(email: str, anybody: Client) -> None:
    assert anybody.post("/sign-in", {"email": email, "password": "x"}).status_code == 422


def test_the_page_of_staff_needs_staff(anybody: Client, ann: Client) -> None:
    for browser in (anybody, ann):
        assert browser.get("/staff")["Location"] == "/sign-in?next=/staff"


def test_the_api_is_offered_where_it_may_be_used(new_browser: NewBrowser, staff: Client) -> None:
    assert "/graphql" not in staff.get("/staff").text
    manager = new_browser(token=people.staff(Role.MANAGER).token)
    assert "/graphql" in manager.get("/staff").text


def test_signing_out_ends_the_token(staff: Client) -> None:
    token = staff.cookies[settings.PERSON_COOKIE].value
    assert staff.get("/sign-out").status_code == 405
    assert staff.post("/sign-out", {"next": "/sign-in"})["Location"] == "/sign-in"
    staff.cookies[settings.PERSON_COOKIE] = token
    assert staff.get("/staff")["Location"] == "/sign-in?next=/staff"
    assert AccessToken.objects.filter(revoked_at__isnull=False).count() == 1
