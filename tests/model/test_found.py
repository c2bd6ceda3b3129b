"""What the machine found once; each failed until it was mended."""

from dataclasses import replace
from typing import Any

import pytest

from loyalty.actions.publish_version import publish_version
from loyalty.models import Card
from loyalty.queries.cards import card_state
from loyalty.switches import Switches
from tests.model import draws
from tests.model.shop import Campaign, Shop

pytestmark = [pytest.mark.django_db, pytest.mark.usefixtures("move_clock")]
BETTER = replace(draws.CLASSIC, threshold=2)
WORSE = replace(draws.CLASSIC, threshold=4)


def sold(shop: Shop, campaign: Campaign) -> dict[str, Any]:
    """Ann collects a sale."""
    token = shop.mint(campaign, 0).token or ""
    return shop.collect(token, shop.customers[0].id)


def test_a_card_begun_by_an_older_code_takes_better_numbers() -> None:
    shop = Shop()
    campaign = shop.open_campaign(draws.CLASSIC, Switches())
    token = shop.mint(campaign, 0).token or ""
    publish_version(campaign.id, BETTER)
    shop.collect(token, shop.customers[0].id)
    assert Card.objects.get().promise.number == 2


def test_a_card_that_keeps_its_promise_keeps_its_points() -> None:
    shop = Shop()
    campaign = shop.open_campaign(draws.CLASSIC, Switches(points=2))
    sold(shop, campaign)
    publish_version(campaign.id, draws.CLASSIC, switches=Switches(points=1))
    sold(shop, campaign)
    card = Card.objects.get()
    assert (card.promise.number, card.points) == (1, 4)


def test_the_answer_that_completes_a_card_shows_what_the_page_shows() -> None:
    shop = Shop()
    campaign = shop.open_campaign(draws.CLASSIC, Switches())
    sold(shop, campaign)
    publish_version(campaign.id, WORSE)
    sold(shop, campaign)
    outcome = sold(shop, campaign)
    state, _ = card_state(outcome["card"]["id"])
    assert outcome["card"]["progress"] == state["progress"]
