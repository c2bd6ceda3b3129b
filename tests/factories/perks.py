"""A stamp card with everything an owner may switch on, and people who collect on it."""

from collections.abc import Mapping
from dataclasses import dataclass, field
from typing import Any

from loyalty.base.values import BonusModel, Mechanic, Mode, StampMode
from loyalty.cards.view import CollectOutcome
from loyalty.earning.collect import collect
from loyalty.earning.mint import SaleInput, mint
from loyalty.models import Card, Preset, Program
from loyalty.programs.budget import Budget
from loyalty.programs.publish_program import MenuTier, NewProgram, publish_program
from loyalty.switches import NONE, Switches
from tests.factories.people import OWNER, as_customer, as_staff, place

ANN, BOB = "ann@alpha.example", "bob@alpha.example"
IP, KEY = "192.0.2.1", "k"
MENU = (MenuTier("Starter", ("Soup", "Salad")), MenuTier("Main", ("Pasta",)))
PRICES = {"Soup": 500, "Salad": 400, "Pasta": 900, "Free coffee": 300}


@dataclass(frozen=True)
class Shop:
    """One running program, and a preset of it."""

    program: Program
    preset: Preset

    def token(self, **sale: Any) -> str:
        """Staff tap the preset."""
        wanted = SaleInput(self.program.pk, place().location_id, self.preset.pk, **sale)
        return mint(wanted, actor=as_staff(), token_key=KEY).token or ""

    def visit(self, email: str = ANN, **sale: Any) -> CollectOutcome:
        """Staff tap, the customer collects."""
        return collect(self.token(**sale), actor=as_customer(email), ip=IP)

    def card(self, email: str = ANN) -> Card:
        """The customer's card in the program."""
        return Card.objects.get(program=self.program, customer_id=as_customer(email).id)


@dataclass(frozen=True)
class Wanted:
    """What differs from a plain card of 99 stamps."""

    threshold: int = 99
    is_tiered: bool = False
    budget: Budget | None = None
    preset: Mapping[str, Any] = field(default_factory=dict)


_USUAL = Wanted()


def shop(switches: Switches = NONE, wanted: Wanted = _USUAL) -> Shop:
    """A program that counts visits (tiered: any item of the menu, each visit of 1.00 or more)."""
    if wanted.is_tiered:
        kind = (BonusModel.QUALIFIED_VISIT, Mode.TIERED, StampMode.PER_VISIT)
        rules = Mechanic(*kind, threshold=wanted.threshold, minimum=100)
    else:
        kind = (BonusModel.STAMP_COUNT, Mode.SIMPLE, StampMode.PER_VISIT)
        rules = Mechanic(*kind, threshold=wanted.threshold)
    offer: dict[str, Any] = {"menu": MENU} if wanted.is_tiered else {"gives": "Free coffee"}
    new = NewProgram(
        "Perks", "EUR", rules, prices=PRICES, switches=switches, budget=wanted.budget, **offer
    )
    program = publish_program(new, actor=OWNER)
    preset = Preset.objects.create(program=program, name="Tap", **wanted.preset)
    return Shop(program, preset)


def sources(outcome: CollectOutcome) -> list[str]:
    """Where the bonuses of a visit come from."""
    return [bonus.source for bonus in outcome.bonuses]
