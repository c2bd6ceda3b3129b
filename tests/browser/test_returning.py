"""Journeys 3 and 5: a signed-in phone opens the code, and opens it again."""

import pytest

from tests.browser.conftest import NewPage
from tests.browser.shop import Shop
from tests.browser.watch import Watched

pytestmark = [pytest.mark.xdist_group("servers")]


def signed_in(shop: Shop, new_page: NewPage, email: str) -> Watched:
    """A browser in which this customer is signed in, with one stamp."""
    seen = new_page()
    seen.page.goto(shop.minted())
    seen.page.get_by_label("Your e-mail address").fill(email)
    seen.page.get_by_role("button", name="Keep it for me").click()
    seen.page.get_by_label("The six digits from the mail").fill(shop.mail(email)[1])
    seen.page.get_by_role("button", name="Open my card").click()
    seen.page.wait_for_url("**/card/**")
    return seen


def test_the_stamp_lands_without_a_tap(shop: Shop, new_page: NewPage, stranger: str) -> None:
    seen = signed_in(shop, new_page, stranger)
    code = shop.minted()
    seen.page.goto(code)
    seen.page.wait_for_url("**/card/**")
    assert seen.page.get_by_role("img", name="2 of 5").is_visible()
    assert seen.page.locator(".stamp.new").count() == 1
    seen.page.goto(code)
    assert "nothing was added twice" in seen.page.get_by_role("status").inner_text()
    assert seen.page.get_by_role("img", name="2 of 5").is_visible()
    seen.is_well()
    assert len([url for url in seen.posts if url == code]) == 1


def test_going_back_and_a_second_tab_add_nothing(
    shop: Shop, new_page: NewPage, stranger: str
) -> None:
    seen = signed_in(shop, new_page, stranger)
    code = shop.minted()
    second = Watched(seen.page.context.new_page())
    seen.page.goto(code)
    second.page.goto(code)
    for tab in (seen, second):
        tab.page.wait_for_url("**/card/**")
        tab.page.reload()
        assert tab.page.get_by_role("img", name="2 of 5").is_visible()
    seen.page.go_back()
    seen.page.wait_for_url("**/card/**")
    assert seen.page.get_by_role("img", name="2 of 5").is_visible()


def test_a_full_card_and_everything_on_a_wide_screen(
    shop: Shop, new_page: NewPage, stranger: str
) -> None:
    seen = signed_in(shop, new_page, stranger)
    for _ in range(4):
        seen.page.goto(shop.minted())
        seen.page.wait_for_url("**/card/**")
    assert "Your card is full" in seen.page.get_by_role("status").inner_text()
    assert seen.page.get_by_role("heading", name="Free coffee").is_visible()
    for width in (320, 1280):
        for scheme in ("light", "dark"):
            seen.page.set_viewport_size({"width": width, "height": 800})
            seen.page.emulate_media(color_scheme=scheme)
            seen.is_well()


def test_another_customer_is_told_that_it_is_used(
    shop: Shop, new_page: NewPage, stranger: str
) -> None:
    code = shop.minted()
    first = new_page()
    first.page.goto(code)
    first.page.get_by_label("Your e-mail address").fill(stranger)
    first.page.get_by_role("button", name="Keep it for me").click()
    other = new_page()
    answer = other.page.goto(code)
    assert answer
    assert answer.status == 409
    assert "Nothing was added here" in other.page.inner_text("main")
    other.is_well()


def test_signing_out(shop: Shop, new_page: NewPage, stranger: str) -> None:
    seen = signed_in(shop, new_page, stranger)
    card = seen.page.url
    seen.page.get_by_role("button", name="Sign out").click()
    seen.page.goto(card)
    assert seen.page.get_by_role("heading", name="Open your card").is_visible()
    seen.is_well()
