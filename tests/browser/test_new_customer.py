"""Journeys 1 and 2: a stranger's first stamp, by link or by code."""

import httpx
import pytest

from tests.browser.conftest import NewPage
from tests.browser.shop import Shop
from tests.browser.watch import Watched
from tests.harness.servers import Client

pytestmark = [pytest.mark.xdist_group("servers")]


def queued(shop: Shop, new_page: NewPage, email: str, **options: object) -> Watched:
    """A browser that scanned a code and gave its address."""
    seen = new_page(**options)
    seen.page.goto(shop.minted())
    assert "1 stamp waits for you" in seen.page.inner_text("h1")
    seen.is_well()
    seen.page.get_by_label("Your e-mail address").fill(email)
    seen.page.get_by_role("button", name="Keep it for me").click()
    assert email in seen.page.inner_text("main")
    seen.is_well()
    return seen


def lands_on_the_card(seen: Watched) -> None:
    seen.page.wait_for_url("**/card/**")
    assert seen.page.get_by_role("status").inner_text() == "1 stamp was added."
    assert seen.page.get_by_role("img", name="1 of 5").is_visible()
    seen.is_well()


def test_the_link_in_the_asking_browser(shop: Shop, new_page: NewPage, stranger: str) -> None:
    seen = queued(shop, new_page, stranger)
    link, _ = shop.mail(stranger)
    scanner = {"Host": Client(shop.server, shop.business).headers["Host"]}
    for method in ("GET", "HEAD", "GET", "HEAD"):
        path = link.removeprefix(shop.site)
        answer = httpx.request(method, f"http://{shop.server.address}{path}", headers=scanner)
        assert answer.status_code == 200
    sent = len(seen.posts)
    seen.page.goto(link)
    seen.page.wait_for_timeout(300)
    assert len(seen.posts) == sent, "a script pressed the button"
    seen.is_well()
    seen.page.get_by_role("button", name="Open my card").dblclick()
    lands_on_the_card(seen)


def test_the_code_in_the_first_tab(shop: Shop, new_page: NewPage, stranger: str) -> None:
    seen = queued(shop, new_page, stranger)
    _, code = shop.mail(stranger)
    field = seen.page.get_by_label("The six digits from the mail")
    field.fill("000000" if code != "000000" else "111111")
    seen.page.get_by_role("button", name="Open my card").click()
    assert "You are not signed in" in seen.page.get_by_role("alert").inner_text()
    seen.is_well()
    field.fill(f"{code[:3]} {code[3:]}")
    field.press("Enter")
    lands_on_the_card(seen)


def test_a_mistyped_address_is_changed(shop: Shop, new_page: NewPage, stranger: str) -> None:
    seen = queued(shop, new_page, f"x{stranger}")
    seen.page.get_by_text("Wrong address? Change").click()
    seen.is_well()
    seen.page.get_by_label("Your e-mail address").fill(stranger)
    seen.page.get_by_role("button", name="Send it there instead").click()
    assert seen.page.inner_text(".address") == stranger
    seen.page.get_by_label("The six digits from the mail").fill(shop.mail(stranger)[1])
    seen.page.get_by_role("button", name="Open my card").click()
    lands_on_the_card(seen)


def test_everything_works_without_scripts(shop: Shop, new_page: NewPage, stranger: str) -> None:
    seen = new_page(java_script_enabled=False)
    seen.page.goto(shop.minted())
    seen.page.get_by_label("Your e-mail address").fill(stranger)
    seen.page.get_by_role("button", name="Keep it for me").click()
    seen.page.get_by_label("The six digits from the mail").fill(shop.mail(stranger)[1])
    seen.page.get_by_role("button", name="Open my card").click()
    seen.page.wait_for_url("**/card/**")
    seen.page.goto(shop.minted())
    seen.page.get_by_role("button", name="Add it to my card").click()
    assert seen.page.get_by_role("img", name="2 of 5").is_visible()


def test_in_the_dark_and_from_right_to_left(shop: Shop, new_page: NewPage, stranger: str) -> None:
    seen = new_page(locale="ar", color_scheme="dark", viewport={"width": 320, "height": 640})
    seen.page.goto(shop.minted())
    assert seen.page.locator("html").get_attribute("dir") == "rtl"
    seen.is_well()
    seen.page.locator("input[name=email]").fill(stranger)
    seen.page.locator(".primary").click()
    seen.is_well()
    seen.page.locator("input[name=code]").fill(shop.mail(stranger)[1])
    seen.page.locator(".primary").click()
    seen.page.wait_for_url("**/card/**")
    assert seen.page.inner_text(".fraction") == "1/5"
    seen.is_well()
