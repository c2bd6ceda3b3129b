"""What counted of a sale, and what is left of it, in words."""

from dataclasses import replace

import pytest

from loyalty.base.values import BonusModel, Mechanic, Mode, Role, StampMode
from loyalty.explaining.card_lines import SHOWN, card_lines
from loyalty.explaining.session_stories import session_stories
from loyalty.models import Card, Event
from loyalty.programs.publish_program import NewProgram, publish_program
from loyalty.programs.publish_version import publish_version
from loyalty.undoing.void_session import void_session
from loyalty.wording.card_text import card_text
from loyalty.wording.session_text import session_text
from tests.factories.people import OWNER, as_staff
from tests.factories.sales import SPEND, redeemed, sold
from tests.harness.clock import now

pytestmark = pytest.mark.django_db
BY_QUANTITY = Mechanic(BonusModel.STAMP_COUNT, Mode.SIMPLE, StampMode.PER_CART_QTY, threshold=5)


def texts() -> list[str]:
    """The only card's history, the newest line first."""
    events = Event.objects.filter(card_id=Card.objects.get().pk, kind__in=SHOWN)
    return [card_text(line, now=now()) for line in card_lines(list(events.order_by("-id")))]


def test_a_scan_that_was_trimmed_says_the_limit() -> None:
    program = publish_program(NewProgram("Lunch", "EUR", SPEND, gives="Lunch"), actor=OWNER)
    sold(program, amount=2500)
    session = sold(program, amount=4000)
    void_session(session, actor=as_staff(Role.MANAGER), reason="wrong")
    undone, trimmed, whole = texts()
    assert whole == "5 stamps for €25.00 at Alpha Coffee. That filled the card: Lunch."
    assert trimmed == (
        "5 stamps for €40.00 at Alpha Coffee."
        " 8 stamps were rung up; one scan gives at most 5 stamps. That filled the card: Lunch."
    )
    assert "rung up" not in undone


def test_a_limit_that_the_card_was_not_promised_is_not_said() -> None:
    kinder = replace(SPEND, threshold=50, max_units_per_scan=20)
    program = publish_program(NewProgram("Lunch", "EUR", kinder, gives="Lunch"), actor=OWNER)
    sold(program, amount=500)
    publish_version(program.pk, replace(kinder, max_units_per_scan=5), actor=OWNER)
    sold(program, amount=4000)
    sold(program, amount=15000)
    most, promised, _ = texts()
    assert promised == "8 stamps for €40.00 at Alpha Coffee."
    assert most == (
        "20 stamps for €150.00 at Alpha Coffee."
        " 30 stamps were rung up; one scan gives at most 20 stamps."
    )


def test_cards_that_nothing_is_left_on_are_not_said_to_count() -> None:
    program = publish_program(NewProgram("Lunch", "EUR", BY_QUANTITY, gives="Lunch"), actor=OWNER)
    session = sold(program, quantity=12)
    redeemed(Card.objects.get(program=program))
    void_session(session, actor=as_staff(Role.MANAGER), reason="wrong")
    said = "A bonus was taken away: Lunch. A bonus was used already and stays given: Lunch."
    assert texts()[0] == (
        f"Taken back by the counter: 12 stamps less. {said}"
        " You owe 5 stamps for what was used already; the next ones pay."
    )
    assert session_text(session_stories([session], actor=OWNER)[session])[-1].startswith(
        f"With it went: 12 stamps less. {said} The card owes "
    )
