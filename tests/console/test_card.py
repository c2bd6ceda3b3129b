"""/card/<id> and /: the customer's own card, and nobody else's."""

from collections.abc import Callable
from dataclasses import replace

import pytest
from django.test import Client

from console.customer.card import address_of_card
from loyalty.base.values import BonusModel, Mechanic, Mode, Role, StampMode
from loyalty.models import Bonus, Card
from loyalty.programs.mechanics import stored_mechanic
from loyalty.programs.publish_program import NewProgram, publish_program
from loyalty.programs.publish_version import publish_version
from loyalty.undoing.void_session import void_session
from tests.console.conftest import NewBrowser
from tests.factories import people
from tests.factories.history import spend_total
from tests.factories.people import OWNER, as_staff
from tests.factories.perks import MENU, PRICES
from tests.factories.sales import sold

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
    program = publish_program(
        NewProgram("Lunch", "EUR", rules, menu=MENU, prices=PRICES), actor=OWNER
    )
    sold(program, product_id=program.products.get(name="Pasta").pk)
    page = ann.get(f"/card/{Card.objects.get(program=program).pk}").text
    assert "<h2>Any Main or lower</h2>" in page


def news(browser: Client, *sessions: int) -> str:
    return browser.get(address_of_card(Card.objects.get().pk, sessions=list(sessions))).text


def take_back(session: int) -> None:
    void_session(session, actor=as_staff(Role.MANAGER), reason="wrong")


def test_what_was_taken_back_is_not_told_as_added(ann: Client, bob: Client) -> None:
    program = spend_total(6000, currency="EUR")
    session = sold(program, amount=9000)
    assert "€90.00 was added" in news(ann, session)
    assert "Your card is full: a bonus waits for you." in news(ann, session)
    take_back(session)
    page = news(ann, session)
    assert "was added" not in page
    assert "Your card is full" not in page
    assert page.count("This was taken back at the counter.") == 1
    assert bob.get(address_of_card(Card.objects.get().pk, sessions=[session])).status_code == 404


def test_of_several_the_one_that_was_taken_back_is_left_out(ann: Client) -> None:
    program = spend_total(6000, currency="EUR")
    sessions = [sold(program, amount=amount) for amount in (1000, 500)]
    take_back(sessions[0])
    page = news(ann, *sessions)
    assert "€5.00 was added" in page
    assert page.count("A part of what was added was taken back at the counter.") == 1
    assert "taken back" not in news(ann, sessions[1])


@pytest.mark.parametrize("gone", ["earlier sale", "used"])
def test_a_bonus_that_waits_no_more_is_not_promised(ann: Client, gone: str) -> None:
    program = spend_total(6000, currency="EUR")
    earlier, filling = sold(program, amount=3000), sold(program, amount=3000)
    assert "a bonus waits for you." in news(ann, filling)
    if gone == "used":
        Bonus.objects.update(status="used")
    else:
        take_back(earlier)
    page = news(ann, filling)
    assert "€30.00 was added" in page
    assert "a bonus waits for you." not in page


def test_a_card_that_a_lower_threshold_fills_says_that_its_bonus_comes_with_the_next_visit(
    ann: Client, scanned: Scanned
) -> None:
    for _ in range(4):
        card = card_of(ann, scanned())
    program = Card.objects.get().program
    assert program.current
    publish_version(program.pk, replace(stored_mechanic(program.current), threshold=3), actor=OWNER)
    text = ann.get(card).text
    assert "Your card is full: your bonus comes with your next visit" in text
    assert "your bonus appears here with your next visit" in text
    assert "3/3" in text
    assert "And 1 for the next one" in text
    assert "more to go" not in text
    after = ann.get(card_of(ann, scanned())).text
    assert "with your next visit" not in after
    assert "Your card is full" in after
