"""/c/<token>: what each caller sees, and that looking changes nothing."""

from collections.abc import Callable
from datetime import timedelta

import pytest
from django.test import Client

from loyalty.guards.limits import LOOK_UPS
from loyalty.models import Card, Counter, EarnSession, Preset, QueuedSession, Tally
from tenants import hosts
from tenants.models import Business
from tests.factories.using_up import use_up

pytestmark = pytest.mark.django_db
Scanned = Callable[[], str]
EVE = "eve@example.org"


def balance() -> int:
    return sum(Counter.objects.values_list("open", flat=True))


def everything() -> list[object]:
    return [
        list(model.objects.order_by("pk").values())
        for model in (EarnSession, Card, Counter, QueuedSession, Tally)
    ]


@pytest.mark.parametrize("who", ["anybody", "ann", "staff"])
def test_looking_changes_nothing(
    who: str, scanned: Scanned, request: pytest.FixtureRequest
) -> None:
    browser: Client = request.getfixturevalue(who)
    path = scanned()
    before = everything()
    for look in (browser.get, browser.head, browser.get, browser.head):
        answer = look(path)
        assert answer.status_code == 200
        assert answer["Referrer-Policy"] == "no-referrer"
        assert "no-store" in answer["Cache-Control"]
    assert everything() == before


def test_a_signed_in_customer_confirms_and_sees_what_was_added(
    ann: Client, scanned: Scanned
) -> None:
    path = scanned()
    page = ann.get(path)
    assert "1 stamp waits for you" in page.text
    assert "at_once.js" in page.text
    answer = ann.post(path)
    assert answer.status_code == 303
    card = ann.get(answer["Location"])
    assert "1 stamp was added" in card.text
    assert 'aria-label="1 of 5"' in card.text


def test_again_is_the_same_result_and_going_back_leads_to_the_card(
    ann: Client, scanned: Scanned
) -> None:
    path = scanned()
    first, second = ann.post(path), ann.post(path)
    assert first["Location"] == second["Location"]
    assert balance() == 1
    back = ann.get(path)
    assert back.status_code == 302
    known = ann.get(back["Location"]).text
    assert "nothing was added twice" in known
    assert "was added." not in known


def test_the_fifth_stamp_fills_the_card(ann: Client, scanned: Scanned) -> None:
    answers = [ann.post(scanned()) for _ in range(5)]
    page = ann.get(answers[-1]["Location"]).text
    assert "Your card is full" in page
    assert "Free coffee" in page
    assert 'aria-label="5 of 5"' in page


@pytest.mark.parametrize("who", ["anybody", "bob"])
def test_somebody_elses_code_is_used(
    who: str, ann: Client, scanned: Scanned, request: pytest.FixtureRequest
) -> None:
    path = scanned()
    ann.post(path)
    browser: Client = request.getfixturevalue(who)
    for answer in (browser.get(path), browser.post(path, {"email": EVE})):
        assert answer.status_code == 409
        assert "already used" in answer.text
    assert balance() == 1


@pytest.mark.parametrize("who", ["anybody", "ann"])
def test_a_code_that_is_over(
    who: str,
    scanned: Scanned,
    move_clock: Callable[[timedelta], None],
    request: pytest.FixtureRequest,
) -> None:
    path = scanned()
    move_clock(timedelta(seconds=91))
    browser: Client = request.getfixturevalue(who)
    for answer in (browser.get(path), browser.post(path, {"email": EVE})):
        assert answer.status_code == 410
        assert "Nothing was added" in answer.text
    assert balance() == 0
    assert not QueuedSession.objects.exists()


@pytest.mark.parametrize("path", ["/c/unknown", "/c/%00", "/c/" + "a" * 5_000, "/c/%ED%A0%80"])
def test_unknown_codes_are_404(path: str, anybody: Client, ann: Client) -> None:
    for browser in (anybody, ann):
        for answer in (browser.get(path), browser.post(path, {"email": EVE})):
            assert answer.status_code == 404
            assert "We do not know this code" in answer.text


def test_staff_are_told_that_a_code_is_for_customers(staff: Client, scanned: Scanned) -> None:
    path = scanned()
    assert "sign out first" in staff.get(path).text
    answer = staff.post(path)
    assert answer.status_code == 403
    assert "Nothing was added" in answer.text
    assert EarnSession.objects.filter(status="open").count() == 1


def test_guessing_is_limited_and_says_until_when(anybody: Client) -> None:
    assert anybody.post("/c/guess", {"email": EVE}).status_code == 404
    use_up(LOOK_UPS, "127.0.0.1")
    answer = anybody.post("/c/guess", {"email": EVE})
    assert answer.status_code == 429
    assert "Try again in" in answer.text
    assert int(answer["Retry-After"]) > 0


def test_a_stopped_business_adds_nothing(ann: Client, scanned: Scanned) -> None:
    path = scanned()
    Business.objects.filter(schema_name="alpha").update(is_suspended=True)
    hosts.forget()
    answer = ann.post(path)
    assert (answer.status_code, balance()) == (403, 0)
    assert "not active" in answer.text


def test_a_cooldown_is_told_with_its_end(ann: Client, scanned: Scanned) -> None:
    Preset.objects.update(cooldown_minutes=30)
    assert ann.post(scanned()).status_code == 303
    answer = ann.post(scanned())
    assert answer.status_code == 409
    assert "You collected this a moment ago" in answer.text
    assert "Try again in 30 minutes." in answer.text
