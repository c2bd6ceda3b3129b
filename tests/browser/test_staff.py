"""Staff sign in; managers explore the API where the plan has one."""

import pytest

from tests.browser.conftest import NewPage
from tests.browser.shop import Shop
from tests.browser.watch import Watched
from tests.factories.people import PASSWORD
from tests.harness.servers import Servers

pytestmark = [pytest.mark.xdist_group("servers")]
_WIDE = {"width": 1280, "height": 800}


def signed_in(shop: Shop, new_page: NewPage, role: str) -> Watched:
    """A browser that was asked to sign in on its way to GraphiQL."""
    seen = new_page(viewport=_WIDE)
    seen.page.goto(f"{shop.site}/graphql")
    assert seen.page.url == f"{shop.site}/sign-in?next=/graphql"
    seen.is_well()
    seen.page.get_by_label("Your e-mail address").fill(f"{role}@{shop.business}.example")
    seen.page.get_by_label("Password").fill("wrong")
    seen.page.get_by_role("button", name="Sign in").click()
    assert "You are not signed in" in seen.page.get_by_role("alert").inner_text()
    seen.is_well()
    seen.page.get_by_label("Password").fill(PASSWORD)
    seen.page.get_by_role("button", name="Sign in").click()
    seen.page.wait_for_url(f"{shop.site}/graphql")
    return seen


def test_a_manager_reads_the_schema_and_runs_an_operation(shop: Shop, new_page: NewPage) -> None:
    seen = signed_in(shop, new_page, "manager")
    seen.page.get_by_role("button", name="Show Documentation Explorer").click()
    seen.page.get_by_role("link", name="Mutation").click()
    seen.page.get_by_text("generateQR").first.wait_for()
    seen.page.get_by_role("button", name="Execute query").click()
    seen.page.locator(".result-window").get_by_text('"StaffMember"').wait_for()
    assert seen.problems == []


def test_staff_may_not_explore(shop: Shop, new_page: NewPage) -> None:
    seen = signed_in(shop, new_page, "staff")
    assert "for owners and managers" in seen.page.inner_text("h1")
    seen.is_well()


def test_a_plan_without_api_says_so(servers: Servers, new_page: NewPage) -> None:
    seen = signed_in(Shop(servers.web[0], "beta"), new_page, "owner")
    assert seen.page.inner_text("h1") == "Your plan does not include GraphiQL and introspection"
    seen.is_well()


def test_pages_without_anybody(shop: Shop, new_page: NewPage) -> None:
    port = shop.server.port
    for address in (
        f"{shop.site}/",
        f"{shop.site}/outbox",
        f"{shop.site}/nothing-here",
        f"http://localhost:{port}/",
        f"http://nobody.localhost:{port}/",
    ):
        seen = new_page()
        seen.page.goto(address)
        seen.is_well()
