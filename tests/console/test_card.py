"""/card/<id> and /: the customer's own card, and nobody else's."""

from collections.abc import Callable

import pytest
from django.test import Client

from loyalty.actions.publish_program import NewProgram, publish_program
from loyalty.models import Card
from loyalty.values import BonusModel, Mechanic, Mode, StampMode
from tests import people
from tests.console.conftest import NewBrowser
from tests.perks import MENU, PRICES
from tests.sales import sold

pytestmark = pytest.mark.django_db
Scanned = Callable[[], str]


def card_of(browser: Client, path: str) -> str:
    return browser.post(path)["Location"].partition("?")[0]


def test_a_card_is_its_customers_alone(
    ann: Client, bob: Client, anybody: Client, staff: Client, scanned: Scanned
) -> None:
    card = card_of(ann, scanned())
    assert ann.get(card).status_code == 200
    assert [bob.get(card).status_code, staff.get(card).status_code] == [404, 404]
    assert anybody.get(card)["Location"] == "/"


@pytest.mark.parametrize("path", ["/card/1", f"/card/{2**63}", f"/card/{10**30}"])
def test_cards_that_are_not_there(path: str, ann: Client) -> None:
    answer = ann.get(path)
    assert answer.status_code == 404
    assert "There is nothing here" in answer.text


def test_news_of_other_sessions_and_nonsense_say_nothing(
    ann: Client, bob: Client, scanned: Scanned
) -> None:
    card = card_of(ann, scanned())
    others = bob.post(scanned())["Location"].partition("added=")[2]
    for added in (others, "x", "-1", str(2**64), "9" * 400, "٣", "1&added=" * 300):
        answer = ann.get(f"{card}?added={added}")
        assert answer.status_code == 200
        assert "was added" not in answer.text


def test_a_cookie_of_one_business_means_nothing_at_another(
    new_browser: NewBrowser, ann: Client, scanned: Scanned
) -> None:
    card = card_of(ann, scanned())
    token = people.customer("ann@alpha.example").token
    stranger = new_browser(token=token, host="beta.localhost")
    assert stranger.get(card)["Location"] == "/"
    assert "Open your card" in stranger.get("/").text
    assert "We do not know this code" in stranger.get(scanned()).text


def test_home_leads_each_person_on(
    ann: Client, bob: Client, staff: Client, anybody: Client, scanned: Scanned
) -> None:
    card = card_of(ann, scanned())
    assert ann.get("/")["Location"] == card
    assert "no card here yet" in bob.get("/").text
    assert staff.get("/")["Location"] == "/staff"
    assert "Send me a mail" in anybody.get("/").text


def test_mails_from_one_address_are_limited_and_say_until_when(anybody: Client) -> None:
    for _ in range(3):
        assert anybody.post("/", {"email": "eve@example.org"}).status_code == 303
    answer = anybody.post("/", {"email": "eve@example.org"})
    assert answer.status_code == 429
    assert "Nothing was changed. Try again in" in answer.text


def test_a_bonus_that_can_be_chosen_says_from_what(ann: Client) -> None:
    rules = Mechanic(BonusModel.STAMP_COUNT, Mode.TIERED, StampMode.PER_VISIT, threshold=1)
    program = publish_program(NewProgram("Lunch", "EUR", rules, menu=MENU, prices=PRICES))
    sold(program, product_id=program.products.get(name="Pasta").pk)
    page = ann.get(f"/card/{Card.objects.get(program=program).pk}").text
    assert "<h2>Any Main or lower</h2>" in page
