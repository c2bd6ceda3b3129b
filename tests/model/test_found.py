"""What the machine found once; each failed until it was mended."""

from collections.abc import Callable
from dataclasses import replace
from datetime import UTC, datetime, timedelta

import pytest

from graphql_api.types.session import collected
from loyalty.cards.reads import card_view
from loyalty.cards.view import CollectOutcome
from loyalty.models import Bonus, Card
from loyalty.programs.publish_version import publish_version
from loyalty.reviewing.review_anomaly import ReviewVerdict
from loyalty.switches import Reward, Switches
from tests.factories.people import OWNER
from tests.model import draws
from tests.model.history import House
from tests.model.shop import Campaign, Shop

pytestmark = [pytest.mark.django_db, pytest.mark.usefixtures("move_clock")]
Move = Callable[[timedelta], None]
BETTER = replace(draws.CLASSIC, threshold=2)
WORSE = replace(draws.CLASSIC, threshold=4)


def sold(shop: Shop, campaign: Campaign) -> CollectOutcome:
    """Ann collects a sale."""
    token = shop.mint(campaign, 0).token or ""
    return shop.collect(token, shop.customers[0].id)


def test_a_card_begun_by_an_older_code_takes_better_numbers() -> None:
    shop = Shop()
    campaign = shop.open_campaign(draws.CLASSIC, Switches())
    token = shop.mint(campaign, 0).token or ""
    publish_version(campaign.id, BETTER, actor=OWNER)
    shop.collect(token, shop.customers[0].id)
    assert Card.objects.get().promise.number == 2


def test_a_card_that_keeps_its_promise_keeps_its_points() -> None:
    shop = Shop()
    campaign = shop.open_campaign(draws.CLASSIC, Switches(points=2))
    sold(shop, campaign)
    publish_version(campaign.id, draws.CLASSIC, switches=Switches(points=1), actor=OWNER)
    sold(shop, campaign)
    card = Card.objects.get()
    assert (card.promise.number, card.points) == (1, 4)


def test_the_answer_that_completes_a_card_shows_what_the_page_shows() -> None:
    shop = Shop()
    campaign = shop.open_campaign(draws.CLASSIC, Switches())
    sold(shop, campaign)
    publish_version(campaign.id, WORSE, actor=OWNER)
    sold(shop, campaign)
    outcome = sold(shop, campaign)
    shown = card_view(outcome.card.id, actor=OWNER)
    assert outcome.card.progress == shown.progress


def test_a_level_is_raised_by_the_sale_that_was_written_last() -> None:
    shop = Shop()
    shop.set_levels(House(draws.LEVELS))
    rules = Switches(points=3, bonus_valid_days=2)
    here, there = (shop.open_campaign(draws.CLASSIC, rules) for _ in range(2))
    both = dict(zip(("ann@alpha.example", "bob@alpha.example"), shop.customers, strict=True))
    now = datetime(2027, 12, 15, 10, tzinfo=UTC)
    shop.clock(now)
    unwanted = shop.mint(here, 0)
    shop.collect(unwanted.token or "", shop.customers[0].id)
    shop.clock(now := now + timedelta(minutes=1))
    for email in both:
        shop.queue(shop.mint(here, 0).token or "", email)
    shop.clock(now := now + timedelta(hours=20))
    for who in both.values():
        shop.collect(shop.mint(there, 1).token or "", who.id)
    # Between two cards the log tells the order by the millisecond.
    shop.clock(now := now + timedelta(milliseconds=1))
    for email in both:
        shop.sign_in(email)
    shop.clock(now + timedelta(minutes=1))
    shop.void(unwanted.id)
    # For Bob, who never had that sale, it was the late scan, and the day is Berlin's.
    gifts = Bonus.objects.filter(source="level", status="waiting").order_by("card__customer__email")
    late_one = (here.id, datetime(2027, 12, 17, 23, tzinfo=UTC))
    assert list(gifts.values_list("card__program_id", "expires_at")) == [late_one] * 2


def test_an_approved_gift_ends_where_the_last_visit_that_is_left_was() -> None:
    shop = Shop()
    shop.set_levels(House(draws.LEVELS, most_rises=1))
    campaign = shop.open_campaign(draws.CLASSIC, Switches(points=4, bonus_valid_days=2))
    now = datetime(2027, 12, 15, 10, tzinfo=UTC)
    codes = []
    for where in (0, 0, 0, 1):
        shop.clock(now := now + timedelta(minutes=1))
        codes.append(shop.mint(campaign, where))
        shop.collect(codes[-1].token or "", shop.customers[0].id)
    shop.clock(now := now + timedelta(minutes=1))
    (held,) = shop.held_levels()
    shop.review(held.pk, ReviewVerdict.APPROVE)
    gift = Bonus.objects.filter(source="level", session=None)
    assert gift.get().expires_at == datetime(2027, 12, 18, 5, tzinfo=UTC)
    shop.void(codes[-1].id)
    assert gift.get().expires_at == datetime(2027, 12, 17, 23, tzinfo=UTC)


def test_an_answer_tells_when_the_card_began_when_it_was_last_used_and_when_bonuses_came() -> None:
    shop = Shop()
    campaign = shop.open_campaign(draws.CLASSIC, Switches(welcome=Reward(text="Thank you")))
    for _ in range(draws.CLASSIC.threshold + 1):
        outcome = sold(shop, campaign)
        shown = card_view(outcome.card.id, actor=OWNER)
        assert outcome.card == shown
        assert None not in {shown.created_at, shown.last_visit_at}
    assert [each.earned_at is not None for each in shown.bonuses] == [True, True]


def test_the_answer_of_a_late_sale_does_not_set_the_last_visit_back(move_clock: Move) -> None:
    shop = Shop()
    campaign = shop.open_campaign(draws.CLASSIC, Switches())
    shop.queue(shop.mint(campaign, 0).token or "", "ann@alpha.example")
    move_clock(timedelta(minutes=5))
    sold(shop, campaign)
    (outcome,) = shop.sign_in("ann@alpha.example").granted
    last = Card.objects.get().last_visit_at
    assert last
    assert outcome.at < last
    assert collected(outcome, site_url="").card.last_visit_at == last
    # Answers that were stored before they told it know that of the collect alone.
    kept = outcome.stored()
    del kept["card"]["last_visit_at"]
    older = CollectOutcome.from_stored(kept)
    assert collected(older, site_url="").card.last_visit_at == outcome.at
