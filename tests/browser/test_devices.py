"""A manager pairs a browser, staff switch it on, and it is taken out of use again."""

import pytest

from tests.browser.conftest import NewPage
from tests.browser.shop import Shop
from tests.browser.watch import Watched
from tests.factories.people import PASSWORD

pytestmark = [pytest.mark.xdist_group("servers")]
_DESK = {"width": 1280, "height": 800}
_PHONE = {"width": 390, "height": 844}


def signed_in(shop: Shop, seen: Watched, role: str, path: str) -> Watched:
    """A page of somebody who works there."""
    seen.page.goto(f"{shop.site}{path}")
    seen.page.locator("[name=email]").fill(f"{role}@alpha.example")
    seen.page.locator("[name=password]").fill(PASSWORD)
    seen.page.locator("main button").click()
    seen.page.wait_for_url(f"{shop.site}{path}")
    return seen


def with_passcode(shop: Shop, seen: Watched, role: str, digits: str) -> Watched:
    """The page on which they have just chosen it."""
    signed_in(shop, seen, role, "/passcode")
    seen.page.locator("[name=passcode]").fill(digits)
    seen.page.get_by_role("button", name="Set passcode").click()
    seen.page.get_by_text("Your passcode is set.").wait_for()
    return seen


def code_of(seen: Watched) -> str:
    """A fresh pairing code on the manager's list."""
    seen.page.get_by_role("button", name="Make a pairing code").click()
    return seen.page.locator("#code .code-shown").inner_text()


@pytest.mark.parametrize("viewport", [_DESK, _PHONE])
def test_from_the_code_to_the_end(shop: Shop, new_page: NewPage, viewport: dict[str, int]) -> None:
    name = f"Till {viewport['width']}"
    with_passcode(shop, new_page(viewport=viewport), "staff", "926174").is_well()
    manager = signed_in(shop, new_page(viewport=viewport), "manager", "/devices")
    manager.is_well()
    code = code_of(manager)
    assert manager.page.evaluate("() => document.querySelector('.qr').naturalWidth") > 0
    manager.is_well()

    till = new_page(viewport=viewport)
    till.page.goto(f"{shop.site}/pair/{code}")
    assert till.page.locator("[name=code]").input_value() == code
    till.is_well()
    till.page.locator("[name=name]").fill(name)
    till.page.get_by_role("button", name="Pair").click()
    till.page.wait_for_url(f"{shop.site}/switch")
    till.is_well()
    till.page.get_by_label("Staff", exact=True).check()
    till.page.locator("[name=passcode]").fill("0713")
    till.page.get_by_role("button", name="Switch on").click()
    assert "did not match" in till.page.get_by_role("alert").inner_text()
    till.is_well()
    till.page.locator("[name=passcode]").fill("926174")
    till.page.get_by_role("button", name="Switch on").click()
    till.page.get_by_text("Signed in: Staff").wait_for()

    _renamed_and_revoked(shop, manager, name)
    till.page.goto(f"{shop.site}/staff")
    till.page.wait_for_url(f"{shop.site}/sign-in**")
    till.page.goto(f"{shop.site}/switch")
    till.page.wait_for_url(f"{shop.site}/pair")
    till.page.get_by_text("This device was taken out of use").wait_for()
    till.is_well()


def _renamed_and_revoked(shop: Shop, manager: Watched, name: str) -> None:
    manager.page.goto(f"{shop.site}/devices")
    row = manager.page.locator(".device").filter(has_text=name)
    row.locator("summary").click()
    manager.is_well()
    row.locator("[name=name]").fill(f"{name} left")
    row.get_by_role("button", name="Rename").click()
    row = manager.page.locator(".device").filter(has_text=f"{name} left")
    row.get_by_text("Saved.").wait_for()
    row.locator("summary").click()
    row.get_by_role("button", name="Take out of use").click()
    manager.page.wait_for_url("**/devices?changed=*")
    assert manager.page.get_by_text(f"{name} left").count() == 0


def test_a_second_tap_costs_no_second_try(shop: Shop, new_page: NewPage) -> None:
    with_passcode(shop, new_page(), "staff", "926174")
    manager = signed_in(shop, new_page(), "manager", "/devices")
    till = new_page()
    till.page.goto(f"{shop.site}/pair/{code_of(manager)}")
    till.page.locator("[name=name]").fill("Tapped till")
    till.page.get_by_role("button", name="Pair").click()
    till.page.get_by_text("Nobody is switched on now.").wait_for()
    till.page.get_by_label("Staff", exact=True).check()
    till.page.locator("[name=passcode]").fill("0713")
    sent: list[str] = []
    till.page.on("request", lambda each: sent.append(each.method))
    till.page.evaluate(
        "() => { const b = document.querySelector('form button'); b.click(); b.click(); }"
    )
    till.page.get_by_role("alert").filter(has_text="4 more tries").wait_for()
    assert sent.count("POST") == 1
    till.page.locator("[name=passcode]").fill("926174")
    till.page.get_by_role("button", name="Switch on").click()
    till.page.get_by_text("Signed in: Staff").wait_for()
    till.page.goto(f"{shop.site}/switch")
    till.page.get_by_text("Switched on now: Staff.").wait_for()
    till.is_well()
    manager.page.goto(f"{shop.site}/devices")
    row = manager.page.locator(".device").filter(has_text="Tapped till")
    row.locator("summary").click()
    row.get_by_role("button", name="Take out of use").click()


def test_five_wrong_ones_and_a_manager(shop: Shop, new_page: NewPage) -> None:
    with_passcode(shop, new_page(), "staff", "926174")
    manager = signed_in(shop, new_page(), "manager", "/devices")
    till = new_page()
    till.page.goto(f"{shop.site}/pair/{code_of(manager)}")
    till.page.locator("[name=name]").fill("Locked till")
    till.page.get_by_role("button", name="Pair").click()
    for left in ("4 more tries", "3 more tries", "2 more tries", "1 more try", "locked now"):
        till.page.get_by_label("Staff", exact=True).check()
        till.page.locator("[name=passcode]").fill("0713")
        till.page.get_by_role("button", name="Switch on").click()
        till.page.get_by_role("alert").filter(has_text=left).wait_for()
    till.is_well()
    till.page.get_by_role("link", name="Look again").click()
    till.page.get_by_text("This device is locked").wait_for()
    till.is_well()
    manager.page.goto(f"{shop.site}/devices")
    row = manager.page.locator(".device").filter(has_text="Locked till")
    manager.is_well()
    row.get_by_role("button", name="Unlock").click()
    row.get_by_text("Saved.").wait_for()
    manager.is_well()
    till.page.get_by_role("link", name="Look again").click()
    till.page.get_by_label("Staff", exact=True).check()
    till.page.locator("[name=passcode]").fill("926174")
    till.page.get_by_role("button", name="Switch on").click()
    till.page.get_by_text("Signed in: Staff").wait_for()
    # Leaves the list as short as it was.
    manager.page.locator(".device").filter(has_text="Locked till").locator("summary").click()
    row.get_by_role("button", name="Take out of use").click()
