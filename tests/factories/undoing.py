"""Two customers alike, one of whom has a sale that is taken back, and where they stand."""

import random
from typing import Any

from loyalty.base import tokens
from loyalty.base.values import BonusModel, Mechanic, Mode, Role, SaleLine, StampMode
from loyalty.cards.reads import card_view
from loyalty.earning.collect import collect
from loyalty.earning.mint import SaleInput, mint
from loyalty.models import Bonus, Card, Customer, Level, Product, Program, Settings, SignInLink
from loyalty.programs.publish_program import MenuTier, NewProgram, publish_program, usual_surplus
from loyalty.redeeming.decide_redemption import RedemptionVerdict, decide_redemption
from loyalty.redeeming.preview_redemption import RedemptionSelector
from loyalty.redeeming.refund_redemption import refund_redemption
from loyalty.redeeming.request_bonus import BonusRequest, request_bonus
from loyalty.switches import BirthdayRule, Reward, StreakRule, Switches
from loyalty.waiting.queue_session import QueueAsker, queue_session
from loyalty.waiting.request_link import LinkAsker, request_link
from loyalty.waiting.sign_in_customer import SignInProof, sign_in_customer
from tests.factories.people import OWNER, as_customer, as_staff, place

WITH, NEVER = "ann@alpha.example", "bob@alpha.example"
IP, KEY = "192.0.2.1", "k"
EVERYTHING = Switches(
    points=10,
    streak=StreakRule(window=2, threshold=2, freezes=1),
    birthday=BirthdayRule(days_before=10, days_after=10, min_past_bonuses=1),
    welcome=Reward(text="Welcome"),
    units_expire_after=1,
    bonus_valid_days=200,
)


def programs() -> list[Program]:
    """Stamps, money that forfeits, and tiers with counters of their own."""
    stamps = Mechanic(BonusModel.STAMP_COUNT, Mode.SIMPLE, StampMode.PER_CART_QTY, threshold=3)
    money = Mechanic(
        BonusModel.CUMULATIVE_SPEND,
        Mode.SIMPLE,
        StampMode.PER_AMOUNT,
        threshold=1000,
        surplus=usual_surplus(BonusModel.CUMULATIVE_SPEND),
    )
    tiers = Mechanic(BonusModel.STAMP_COUNT, Mode.TIERED, StampMode.PER_LINE_ITEM, threshold=3)
    menu = (MenuTier("S", ("Espresso",)), MenuTier("L", ("Cake",)))
    return [
        publish_program(
            NewProgram("A", "EUR", stamps, gives="Tea", switches=EVERYTHING), actor=OWNER
        ),
        publish_program(
            NewProgram("B", "EUR", money, gives="Lunch", switches=EVERYTHING), actor=OWNER
        ),
        publish_program(NewProgram("C", "EUR", tiers, menu=menu, switches=EVERYTHING), actor=OWNER),
    ]


def levels() -> None:
    """Two levels, with double points on the second."""
    Settings.objects.update(level_period_days=20, level_grace_days=5)
    for name, threshold, percent in (("Silver", 30, 100), ("Gold", 60, 200)):
        gift = {"percent": 10, "title": "10 %"}
        Level.objects.create(name=name, threshold=threshold, percent=percent, gift=gift)


def sale(dice: random.Random, program: Program) -> dict[str, Any]:
    """What staff enter for one sale."""
    products = list(Product.objects.filter(program=program, tier__isnull=False).order_by("pk"))
    if products:
        return {"lines": tuple(SaleLine(p.pk, dice.randint(1, 4)) for p in products)}
    amount, quantity = dice.randint(100, 1500), dice.randint(1, 4)
    is_money = Program.objects.filter(pk=program.pk, current__stamp_mode="PER_AMOUNT").exists()
    return {"amount": amount} if is_money else {"quantity": quantity}


def sold(email: str, program: Program, entered: dict[str, Any]) -> int:
    """A collected sale's session."""
    wanted = SaleInput(program.pk, place().location_id, **entered)
    made = mint(wanted, actor=as_staff(), token_key=KEY)
    collect(made.token or "", actor=as_customer(email), ip=IP)
    return made.id


def queued(email: str, program: Program, entered: dict[str, Any]) -> int:
    """A sale whose customer is not signed in: it waits for the address."""
    wanted = SaleInput(program.pk, place().location_id, **entered)
    made = mint(wanted, actor=as_staff(), token_key=KEY)
    queue_session(made.token or "", typed=email, who=QueueAsker(ip=IP), token_key=KEY)
    return made.id


def granted(email: str) -> None:
    """What waits is granted now."""
    request_link(email, who=LinkAsker(IP, "en"), token_key=KEY)
    link = SignInLink.objects.filter(email=email).latest("id")
    shown = tokens.derive(KEY, bytes(link.salt), purpose="link")
    sign_in_customer(SignInProof(link_token=shown, email=email), token_key=KEY, ip=IP)


def stands(email: str) -> dict[str, Any]:
    """Everything derived that the customer or the business can see."""
    found: dict[str, Any] = {}
    for card in Card.objects.filter(customer__email=email).select_related("program"):
        state = card_view(card.pk, actor=OWNER)
        bonuses = Bonus.objects.filter(card=card).exclude(status="void")
        kept = sorted(bonuses.values_list("source", "title", "status", "expires_at", "tier_id"))
        # Nobody has a card who never came; an empty one is what remains of a first visit.
        if card.visits or kept:
            shown = (state.points, state.progress, state.streak)
            found[card.program.name] = (shown, kept, card.visits, card.last_visit_at)
    rows = Customer.objects.filter(email=email)
    found["standing"] = rows.values_list("level_rung", "level_held_at").get()
    return found


def nearly(found: dict[str, Any]) -> dict[str, Any]:
    """Without the seconds that passed between the two customers' sales."""
    for name, value in found.items():
        if name != "standing":
            shown, kept, visits, last = value
            found[name] = (shown, kept, visits, last.replace(microsecond=0, second=0))
    return found


def used(source: str) -> int:
    """The redemption by which the first bonus of this kind was given."""
    return given_to(Bonus.objects.filter(source=source, status="waiting").earliest("id"))


def given_to(bonus: Bonus) -> int:
    """The redemption by which its customer got this one."""
    owner = as_customer(Customer.objects.get(card=bonus.card_id).email)
    live = request_bonus(BonusRequest(bonus.card_id, bonus.pk), actor=owner, token_key=KEY)
    which, where = RedemptionSelector(token=live.token), place().location_id
    decide_redemption(
        which, RedemptionVerdict.CONFIRMED, location_id=where, actor=as_staff(), ip=IP
    )
    return live.id


def refund(redemption: int) -> str:
    """A manager puts it back; the redemption's status."""
    manager = as_staff(Role.MANAGER)
    return refund_redemption(redemption, reason="spilt", actor=manager, token_key=KEY).status
