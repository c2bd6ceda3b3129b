"""What all pages share: policy, language, forged forms, and errors."""

import re
from unittest.mock import patch

import pytest
from django.conf import settings
from django.db import OperationalError
from django.test import Client

from tenants import hosts
from tenants.models import Business
from tests.console.conftest import NewBrowser

pytestmark = pytest.mark.django_db
PAGES = ["/", "/sign-in", "/nothing"]


@pytest.mark.parametrize("path", PAGES)
def test_the_policy_is_strict_and_nothing_is_inline(path: str, anybody: Client) -> None:
    answer = anybody.get(path)
    policy = answer["Content-Security-Policy"]
    assert "unsafe" not in policy
    assert "default-src 'none'" in policy
    assert not re.search(r"<style|\sstyle=|\son\w+=|<script(?![^>]*\ssrc=)", answer.text)


def test_arabic_is_read_from_the_right(new_browser: NewBrowser) -> None:
    page = new_browser().get("/", headers={"accept-language": "ar"}).text
    assert re.search(r'<html lang="ar"\s+dir="rtl">', page)


def test_the_businesses_language_comes_last(new_browser: NewBrowser) -> None:
    Business.objects.filter(schema_name="alpha").update(language="de")
    hosts.forget()
    browser = new_browser()
    assert 'lang="de"' in browser.get("/", headers={"accept-language": ""}).text
    assert 'lang="de"' in browser.get("/", headers={"accept-language": "tlh, *"}).text
    assert 'lang="zh-hans"' in browser.get("/", headers={"accept-language": "zh"}).text
    assert 'lang="pl"' in browser.get("/", headers={"accept-language": "pl"}).text
    browser.cookies[settings.LANGUAGE_COOKIE_NAME] = "it"
    assert 'lang="it"' in browser.get("/", headers={"accept-language": "pl"}).text


def test_a_form_without_its_token_is_refused(new_browser: NewBrowser) -> None:
    browser = new_browser(strict=True)
    answer = browser.post("/", {"email": "eve@example.org"})
    assert answer.status_code == 403
    assert "Nothing was changed" in answer.text


@pytest.mark.parametrize(
    ("origin", "site", "status"),
    [
        ("null", "same-origin", 303),
        ("null", "", 303),
        ("http://alpha.localhost", "same-origin", 303),
        ("null", "cross-site", 403),
        ("null", "same-site", 403),
        ("http://evil.example", "cross-site", 403),
    ],
)
def test_where_a_form_may_come_from(
    origin: str, site: str, status: int, new_browser: NewBrowser
) -> None:
    browser = new_browser(strict=True)
    page = browser.get("/").text
    found = re.search(r'name="csrfmiddlewaretoken" value="(\w+)"', page)
    assert found
    sent = {"email": "eve@example.org", "csrfmiddlewaretoken": found[1]}
    headers = {"origin": origin, **({"sec-fetch-site": site} if site else {})}
    assert browser.post("/", sent, headers=headers).status_code == status


def test_errors_are_pages_for_people_and_text_for_programs(anybody: Client) -> None:
    assert "There is nothing here" in anybody.get("/nothing").text
    plain = anybody.get("/nothing", headers={"accept": "application/json"})
    assert plain["Content-Type"].startswith("text/plain")


@pytest.mark.parametrize(
    ("error", "status", "said"),
    [
        (ValueError("a secret"), 500, "our fault"),
        (OperationalError("a secret"), 503, "nothing is ever added twice"),
    ],
)
def test_failures_tell_no_secrets(
    error: Exception, status: int, said: str, new_browser: NewBrowser
) -> None:
    browser = new_browser()
    browser.raise_request_exception = False
    with patch("console.customer.home.caller", side_effect=error):
        answer = browser.get("/")
    assert answer.status_code == status
    assert said in answer.text
    assert "secret" not in answer.text
    assert answer.get("Retry-After") == ("2" if status == 503 else None)


def test_unknown_hosts_and_a_database_that_is_away(new_browser: NewBrowser) -> None:
    answer = new_browser(host="nobody.localhost").get("/")
    assert answer.status_code == 404
    assert "No business lives at this address" in answer.text
    with patch("tenants.middleware.hosts.business_on", side_effect=OperationalError):
        answer = new_browser().get("/")
    assert (answer.status_code, answer["Retry-After"]) == (503, "2")


def test_the_platforms_own_host_says_what_runs_here(new_browser: NewBrowser) -> None:
    page = new_browser(host="localhost").get("/").text
    assert "Plusone runs here" in page
    assert 'href="/admin/"' in page
