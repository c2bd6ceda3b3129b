"""The last request for a bonus that a person has in a minute: two cards ask at once, one gets it.

Rules: docs/rules.md#redeeming.
"""

from dataclasses import dataclass

import pytest

from graphql_api.ids import global_id
from loyalty.models import Redemption
from loyalty.redeeming.cancel_redemption import cancel_redemption
from loyalty.redeeming.request_bonus import NEW_A_MINUTE, BonusRequest, request_bonus
from tests.factories import people
from tests.factories.doors import Door, kinds, opened, told
from tests.factories.operations import REQUEST
from tests.factories.people import as_customer
from tests.factories.perks import KEY, Wanted
from tests.harness.crowd import Crowd
from tests.harness.servers import Servers

pytestmark = [pytest.mark.xdist_group("servers"), pytest.mark.usefixtures("unblocked")]
# A person has ten a minute, so each round is somebody else's; two callers need many of them.
ROUNDS = 10


@dataclass(frozen=True)
class Phone:
    """Somebody who is signed in, and their card."""

    card: int
    token: str


def phone(door: Door, email: str) -> Phone:
    """A new customer whose only visit has filled their card: one bonus waits on it."""
    token = people.customer(email).token
    door.shop.visit(email)
    return Phone(door.shop.card(email).pk, token)


def used_up_but_one(card: int, email: str) -> None:
    """All the requests of the minute but one, each of them cancelled: the next one is a new one."""
    actor = as_customer(email)
    for _ in range(NEW_A_MINUTE - 1):
        live = request_bonus(BonusRequest(card), actor=actor, token_key=KEY)
        cancel_redemption(live.id, actor=actor, token_key=KEY)


def test_the_last_request_of_a_minute_is_one_for_two_cards(servers: Servers) -> None:
    door = opened(servers, wanted=Wanted(threshold=1))
    for number in range(ROUNDS):
        # Two addresses of one mailbox: each has a card and a customer's row of its own.
        spelled = [f"minute{number}{tag}@alpha.example" for tag in ("", "+two")]
        with door.inside():
            phones = [phone(door, email) for email in spelled]
            used_up_but_one(phones[0].card, spelled[0])
        crowd = Crowd([servers.client(n, "alpha", each.token) for n, each in enumerate(phones)])
        answers = told(crowd, REQUEST, [{"cardId": global_id("Card", p.card)} for p in phones])
        assert kinds(answers) == {"Redemption": 1, "RATE_LIMITED": 1}
        with door.inside():
            cards = [each.card for each in phones]
            made = Redemption.objects.filter(card__in=cards)
            assert made.count() == NEW_A_MINUTE
            # The one that was told of it is the one that is held.
            (card,) = made.filter(status="open").values_list("card_id", flat=True)
            won = [answer["__typename"] for answer in answers].index("Redemption")
            assert card == cards[won]
