"""In which language a page is answered, and how somebody chooses another."""

import re

import pytest
from django.conf import settings
from django.test import Client

from loyalty.models import Customer

pytestmark = pytest.mark.django_db
COOKIE = settings.LANGUAGE_COOKIE_NAME


def language_of(page: str) -> tuple[str, str]:
    """What the page says of itself: language and direction."""
    found = re.search(r'<html lang="([\w-]+)"\s+dir="(\w+)"', page)
    assert found
    return found[1], found[2]


@pytest.mark.parametrize(
    ("asked", "wanted"),
    [("de", ("de", "ltr")), ("ar-EG,en;q=0.5", ("ar", "rtl")), ("xx", ("en", "ltr"))],
)
def test_the_browser_s_wish_counts(anybody: Client, asked: str, wanted: tuple[str, str]) -> None:
    page = anybody.get("/", headers={"accept-language": asked})
    assert language_of(page.content.decode()) == wanted


def test_a_choice_goes_before_the_browser_s_wish_and_comes_back(anybody: Client) -> None:
    answer = anybody.post("/language", {"language": "ar", "next": "/sign-in?next=/staff"})
    assert (answer.status_code, answer["Location"]) == (302, "/sign-in?next=/staff")
    assert answer.cookies[COOKIE].value == "ar"
    page = anybody.get("/", headers={"accept-language": "de"})
    assert language_of(page.content.decode()) == ("ar", "rtl")


@pytest.mark.parametrize("elsewhere", ["https://evil.example/", "//evil.example", "javascript:x"])
def test_a_choice_leads_nowhere_else(anybody: Client, elsewhere: str) -> None:
    answer = anybody.post("/language", {"language": "de", "next": elsewhere})
    assert answer["Location"] == "/"


@pytest.mark.parametrize("nonsense", ["", "xx", "en_GB", "../de", "d" * 400])
def test_an_unknown_language_changes_nothing(anybody: Client, nonsense: str) -> None:
    answer = anybody.post("/language", {"language": nonsense, "next": "/"})
    assert COOKIE not in answer.cookies


def test_a_customer_s_mails_follow_the_choice(ann: Client) -> None:
    ann.post("/language", {"language": "de", "next": "/"})
    assert Customer.objects.get(email="ann@alpha.example").language == "de"
    assert ann.post("/language", {"language": "xx", "next": "/"}).status_code == 422
    assert Customer.objects.get(email="ann@alpha.example").language == "de"
