"""The business that the machine plays in, and the real actions as it calls them."""

from dataclasses import dataclass, replace
from datetime import datetime
from typing import Any

from django.db import connection

from loyalty.base import tokens
from loyalty.base.values import CustomerActor, Mechanic, Mode, Role, SaleLine
from loyalty.cards.view import CollectOutcome
from loyalty.earning.collect import collect
from loyalty.earning.mint import SaleInput, mint
from loyalty.expiry.expire import expire
from loyalty.expiry.expiring import cards_with_something_over
from loyalty.findings.find_anomalies import find_anomalies
from loyalty.models import Anomaly, Level, Location, Product, Settings, SignInLink
from loyalty.people.set_birthday import DayOfYear, set_birthday
from loyalty.programs.publish_program import MenuTier, NewProgram, publish_program
from loyalty.programs.publish_version import AffectedCards, cards_affected, publish_version
from loyalty.redeeming.cancel_redemption import cancel_redemption
from loyalty.redeeming.decide_redemption import RedemptionVerdict, decide_redemption
from loyalty.redeeming.live_redemption import LiveRedemption
from loyalty.redeeming.preview_redemption import RedemptionSelector, preview_redemption
from loyalty.redeeming.refund_redemption import refund_redemption
from loyalty.redeeming.request_bonus import BonusRequest, request_bonus
from loyalty.redeeming.validation_facts import RedemptionSight
from loyalty.reviewing.review_anomaly import FindingReview, review_anomaly
from loyalty.reviewing.review_anomaly import ReviewVerdict as Decision
from loyalty.sessions.live_session import LiveSession
from loyalty.switches import Switches
from loyalty.undoing.void_session import VoidedSession, void_session
from loyalty.waiting.queue_session import QueueAsker, QueuedClaim, queue_session
from loyalty.waiting.sign_in_customer import SignedInCustomer, SignInProof, sign_in_customer
from tests.factories import people
from tests.factories.people import OWNER
from tests.model.history import Edition, House

KEY = "a-key"
IP = "192.0.2.1"
ZONES = ("Europe/Berlin", "America/New_York")
TIERS = (MenuTier("Starter", ("Soup",)), MenuTier("Main", ("Pasta", "Pizza")))


@dataclass(frozen=True)
class Campaign:
    """A program with its tiers, lowest first, and a product of each."""

    id: int
    edition: Edition
    tiers: tuple[int, ...] = ()
    products: tuple[int, ...] = ()

    def product(self, tier: int) -> int:
        """The cheapest product of a tier."""
        return self.products[self.tiers.index(tier)]


class Shop:
    """One business with two locations in two zones."""

    def __init__(self) -> None:
        self.staff = people.as_staff(Role.STAFF)
        self.manager = people.as_staff(Role.MANAGER)
        self.customers = [people.as_customer(f"{name}@alpha.example") for name in ("ann", "bob")]
        here = Location.objects.get()
        there = Location.objects.create(name="There", time_zone=ZONES[1])
        self.locations = (here.pk, there.pk)
        assert here.time_zone == ZONES[0]

    def clock(self, at: datetime) -> None:
        """Stop the product's clock at this moment."""
        with connection.cursor() as cursor:
            cursor.execute("UPDATE public.test_clock SET frozen = %s", [at])

    def open_campaign(self, rules: Mechanic, switches: Switches) -> Campaign:
        """A running program with these numbers."""
        is_tiered = rules.mode is Mode.TIERED
        wanted = NewProgram("Lunch", "EUR", rules, switches=switches)
        wanted = replace(wanted, **({"menu": TIERS} if is_tiered else {"gives": "Free lunch"}))
        made = publish_program(wanted, actor=OWNER)
        edition = Edition(1, rules, switches)
        if not is_tiered:
            return Campaign(made.pk, edition)
        found = Product.objects.filter(program=made).order_by("tier__rank", "id")
        lowest = {product.tier_id: product.pk for product in reversed(found)}
        pairs = list(reversed(lowest.items()))
        tiers = tuple(tier for tier, _ in pairs if tier)
        return Campaign(made.pk, edition, tiers, tuple(product for _, product in pairs))

    def set_levels(self, house: House) -> None:
        """The ladder of levels."""
        Settings.objects.update(
            level_period_days=house.period_days,
            level_grace_days=house.grace_days,
            level_most_rises=house.most_rises,
            level_rises_within_days=house.rises_within_days,
        )
        for rung in house.rungs:
            gift = {"text": f"Welcome to {rung.name}", "title": rung.name}
            Level.objects.create(
                name=rung.name,
                threshold=rung.threshold,
                percent=rung.percent,
                gift=gift if rung.has_gift else None,
            )

    def set_birthday(self, customer: int, day: tuple[int, int] | None) -> None:
        """The customer says when their birthday is, or takes it back."""
        set_birthday(DayOfYear(*day) if day else None, actor=CustomerActor(customer))

    def sweep(self) -> None:
        """The daily round."""
        for card in cards_with_something_over(after=0, at_most=100):
            expire(card)

    def held_levels(self) -> list[Anomaly]:
        """What the review list says of levels that are held."""
        find_anomalies()
        return list(Anomaly.objects.filter(kind="level_held", status="open").order_by("id"))

    def review(self, finding: int, verdict: Decision) -> None:
        """A manager decides about one."""
        review_anomaly(FindingReview(finding, verdict, reason="looked at"), actor=self.manager)

    def mint(self, campaign: Campaign, where: int, **sale: Any) -> LiveSession:
        """Staff tap."""
        lines = tuple(SaleLine(campaign.product(t), n) for t, n in sale.pop("lines", ()))
        wanted = SaleInput(campaign.id, self.locations[where], lines=lines, **sale)
        return mint(wanted, actor=self.staff, token_key=KEY)

    def collect(self, token: str, customer: int) -> CollectOutcome:
        """The customer confirms."""
        return collect(token, actor=CustomerActor(customer), ip=IP)

    def queue(self, token: str, email: str) -> QueuedClaim:
        """Nobody is signed in: an address is typed."""
        found = queue_session(token, typed=email, who=QueueAsker(ip=IP), token_key=KEY)
        assert isinstance(found, QueuedClaim)
        return found

    def sign_in(self, email: str) -> SignedInCustomer:
        """The newest mail's link is followed, on another device: the whole address is typed."""
        link = SignInLink.objects.get(email=email, is_void=False, used_at=None)
        shown = tokens.derive(KEY, bytes(link.salt), purpose="link")
        return sign_in_customer(SignInProof(link_token=shown, email=email), token_key=KEY, ip=IP)

    def void(self, session: int) -> VoidedSession:
        """A manager takes a sale back."""
        return void_session(session, actor=self.manager, reason="a mistake")

    def publish(self, campaign: Campaign, new: Edition) -> tuple[AffectedCards, AffectedCards]:
        """The owner changes the numbers: the cards affected as shown before, and as it was."""
        said = cards_affected(campaign.id, new.mechanic, switches=new.switches, actor=OWNER)
        done = publish_version(campaign.id, new.mechanic, switches=new.switches, actor=OWNER)
        return said, done.cards

    def request(self, card: int, bonus: int, customer: int, product: int | None) -> LiveRedemption:
        """The customer asks for a bonus."""
        wanted = BonusRequest(card, bonus, product)
        return request_bonus(wanted, actor=CustomerActor(customer), token_key=KEY)

    def cancel(self, redemption: int, customer: int) -> LiveRedemption:
        """The customer takes that back."""
        return cancel_redemption(redemption, actor=CustomerActor(customer), token_key=KEY)

    def preview(self, which: RedemptionSelector) -> RedemptionSight:
        """Staff look."""
        where = self.locations[0]
        return preview_redemption(which, location_id=where, actor=self.staff, ip=IP, token_key=KEY)

    def decide(self, which: RedemptionSelector, verdict: RedemptionVerdict) -> RedemptionSight:
        """Staff confirm or cancel."""
        place = self.locations[1]
        return decide_redemption(which, verdict, location_id=place, actor=self.staff, ip=IP)

    def refund(self, redemption: int) -> LiveRedemption:
        """A manager takes a confirmed one back."""
        return refund_redemption(redemption, reason="oops", actor=self.manager, token_key=KEY)
