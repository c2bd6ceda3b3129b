"""A stranger's e-mail, the code, and the link of the mail."""

from collections.abc import Callable
from datetime import timedelta

import pytest
from django.conf import settings
from django.test import Client

from loyalty.models import Counter, Customer, QueuedSession, SignInLink
from tests.console.conftest import NewBrowser

pytestmark = pytest.mark.django_db
Scanned = Callable[[], str]
Mailed = Callable[[str], tuple[str, str]]
EVE = "eve@example.org"


def balance() -> int:
    return sum(Counter.objects.values_list("open", flat=True))


def test_the_code_in_the_same_browser(anybody: Client, scanned: Scanned, mailed: Mailed) -> None:
    path = scanned()
    answer = anybody.post(path, {"email": f" {EVE.upper()} "})
    assert (answer.status_code, answer["Location"]) == (303, path)
    page = anybody.get(path).text
    assert EVE in page
    assert 'autocomplete="one-time-code"' in page
    _, code = mailed(EVE)
    answer = anybody.post(f"{path}/code", {"code": f" {code[:3]} {code[3:]}"})
    assert answer.status_code == 303
    assert "1 stamp was added" in anybody.get(answer["Location"]).text
    assert balance() == 1


def test_a_wrong_code_says_so_and_the_right_one_still_works(
    anybody: Client, scanned: Scanned, mailed: Mailed
) -> None:
    path = scanned()
    anybody.post(path, {"email": EVE})
    _, code = mailed(EVE)
    for wrong in ("000000", "", "\0", "x" * 500):
        if wrong != code:
            answer = anybody.post(f"{path}/code", {"code": wrong})
            assert answer.status_code == 422
            assert "You are not signed in" in answer.text
            assert EVE in answer.text
    assert anybody.post(f"{path}/code", {"code": code}).status_code == 303


def test_a_code_that_is_over_offers_a_new_mail(
    anybody: Client, scanned: Scanned, mailed: Mailed, move_clock: Callable[[timedelta], None]
) -> None:
    path = scanned()
    anybody.post(path, {"email": EVE})
    move_clock(timedelta(minutes=11))
    answer = anybody.post(f"{path}/code", {"code": mailed(EVE)[1]})
    assert answer.status_code == 410
    assert "Send a new mail" in answer.text
    assert anybody.post("/", {"email": EVE})["Location"] == "/"
    answer = anybody.post("/code", {"code": mailed(EVE)[1]})
    assert "1 stamp was added" in anybody.get(answer["Location"]).text


def test_a_mistyped_address_is_corrected(anybody: Client, scanned: Scanned, mailed: Mailed) -> None:
    path = scanned()
    anybody.post(path, {"email": "evve@example.org"})
    wrong, _ = mailed("evve@example.org")
    anybody.post(path, {"email": EVE})
    assert EVE in anybody.get(path).text
    assert anybody.post(wrong).status_code == 410
    answer = anybody.post(mailed(EVE)[0])
    assert "1 stamp was added" in anybody.get(answer["Location"]).text
    assert list(Customer.objects.filter(email__contains="eve@").values_list("email")) == [(EVE,)]


@pytest.mark.parametrize("email", ["", "eve", "eve@", "eve\0@example.org", "e" * 400 + "@x.org"])
def test_what_is_no_address_queues_nothing(email: str, anybody: Client, scanned: Scanned) -> None:
    answer = anybody.post(scanned(), {"email": email})
    assert answer.status_code == 422
    assert not QueuedSession.objects.exists()


def test_the_last_place_warns_and_the_next_is_refused(anybody: Client, scanned: Scanned) -> None:
    paths = [scanned() for _ in range(6)]
    for path in paths[:5]:
        assert anybody.post(path, {"email": EVE}).status_code == 303
    assert "No further visit can wait" in anybody.get(paths[4]).text
    answer = anybody.post(paths[5], {"email": EVE})
    assert answer.status_code == 409
    assert "5 wait already" in answer.text
    assert QueuedSession.objects.count() == 5


def test_scanners_that_open_the_link_change_nothing(
    anybody: Client, new_browser: NewBrowser, scanned: Scanned, mailed: Mailed
) -> None:
    anybody.post(scanned(), {"email": EVE})
    path, _ = mailed(EVE)
    before = list(SignInLink.objects.values())
    scanner = new_browser()
    for look in (scanner.get, scanner.head, scanner.get, scanner.head):
        answer = look(path)
        assert answer.status_code == 200
        assert answer["Referrer-Policy"] == "no-referrer"
    assert "<script" not in scanner.get(path).text
    assert (list(SignInLink.objects.values()), balance()) == (before, 0)


def test_another_browser_must_type_the_whole_address(
    anybody: Client, new_browser: NewBrowser, scanned: Scanned, mailed: Mailed
) -> None:
    anybody.post(scanned(), {"email": EVE})
    path, _ = mailed(EVE)
    other = new_browser()
    page = other.get(path).text
    assert "e…@e…" in page
    assert EVE not in page
    for typed in ({}, {"email": "e@e"}, {"email": "bob@example.org"}):
        assert other.post(path, typed).status_code == 422
    assert balance() == 0
    answer = other.post(path, {"email": EVE})
    assert "1 stamp was added" in other.get(answer["Location"]).text


def test_the_asking_browser_may_repeat_it(
    anybody: Client, new_browser: NewBrowser, scanned: Scanned, mailed: Mailed
) -> None:
    anybody.post(scanned(), {"email": EVE})
    path, _ = mailed(EVE)
    answers = [anybody.post(path) for _ in range(3)]
    assert len({answer["Location"] for answer in answers}) == 1
    assert balance() == 1
    other = new_browser()
    for answer in (other.get(path), other.post(path, {"email": EVE})):
        assert answer.status_code == 410
        assert "Send me a new one" in answer.text


def test_the_asking_browser_is_told_when_another_one_opened_the_link(
    anybody: Client, new_browser: NewBrowser, scanned: Scanned, mailed: Mailed
) -> None:
    code_page = scanned()
    anybody.post(code_page, {"email": EVE})
    path, code = mailed(EVE)
    new_browser().post(path, {"email": EVE})
    assert "It is on your card now" in anybody.get(code_page).text
    answer = anybody.post(f"{code_page}/code", {"code": code})
    assert answer.status_code == 303
    assert "1 of 5" in anybody.get(answer["Location"]).text
    assert balance() == 1


def test_an_old_link_offers_a_new_one_and_nothing_is_lost(
    anybody: Client, scanned: Scanned, mailed: Mailed, move_clock: Callable[[timedelta], None]
) -> None:
    anybody.post(scanned(), {"email": EVE})
    path, _ = mailed(EVE)
    move_clock(timedelta(hours=25))
    assert anybody.get(path).status_code == 410
    anybody.post("/", {"email": EVE})
    answer = anybody.post(mailed(EVE)[0])
    assert "1 stamp was added" in anybody.get(answer["Location"]).text


def test_signing_out_leaves_nothing_in_the_browser(
    anybody: Client, scanned: Scanned, mailed: Mailed
) -> None:
    anybody.post(scanned(), {"email": EVE})
    card = anybody.post(mailed(EVE)[0])["Location"]
    assert anybody.post("/sign-out")["Location"] == "/"
    left = {name: cookie.value for name, cookie in anybody.cookies.items() if cookie.value}
    assert settings.PERSON_COOKIE not in left
    assert settings.CLAIM_COOKIE not in left
    assert anybody.get(card)["Location"] == "/"
