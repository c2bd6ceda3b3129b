"""Sales of alpha that a customer tries to collect."""

from contextlib import suppress
from typing import Any

from loyalty.base.errors import Refused
from loyalty.base.values import BonusModel, Mechanic, Mode, Role, StampMode
from loyalty.earning.collect import collect
from loyalty.earning.mint import SaleInput, mint
from loyalty.models import Card, Program
from loyalty.redeeming.decide_redemption import RedemptionVerdict, decide_redemption
from loyalty.redeeming.preview_redemption import RedemptionSelector
from loyalty.redeeming.request_bonus import BonusRequest, request_bonus
from tests.factories.people import as_customer, as_staff, place

# A stamp for each 5.00, five of them at most at once.
SPEND = Mechanic(
    BonusModel.AMOUNT_STEP,
    Mode.SIMPLE,
    StampMode.PER_AMOUNT,
    threshold=5,
    step=500,
    max_units_per_scan=5,
)
ANN = "ann@alpha.example"
IP = "192.0.2.1"
KEY = "k"


def made(program: Program | None = None, role: Role = Role.STAFF, **sale: Any) -> tuple[int, str]:
    """A live session and its token."""
    number = program.pk if program else place().program_id
    wanted = SaleInput(number, place().location_id, **sale)
    found = mint(wanted, actor=as_staff(role), token_key=KEY)
    return found.id, found.token or ""


def sold(
    program: Program | None = None, email: str = ANN, role: Role = Role.STAFF, **sale: Any
) -> int:
    """The session of a sale that was tried to collect, refused or not."""
    session, token = made(program, role, **sale)
    with suppress(Refused):
        collect(token, actor=as_customer(email), ip=IP)
    return session


def redeemed(card: Card, email: str = ANN) -> int:
    """A bonus of the card, given by staff."""
    live = request_bonus(BonusRequest(card.pk), actor=as_customer(email), token_key=KEY)
    decide_redemption(
        RedemptionSelector(token=live.token),
        RedemptionVerdict.CONFIRMED,
        location_id=place().location_id,
        actor=as_staff(),
        ip=IP,
    )
    return live.id
