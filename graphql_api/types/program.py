"""Programs and what they give."""

from collections.abc import Sequence
from datetime import datetime

import strawberry

from graphql_api.context import Context, Info
from graphql_api.ids import global_id
from graphql_api.scalars import UnitCount
from graphql_api.types.mechanics import ProgramStatus
from graphql_api.types.node import Node
from graphql_api.types.place import Location, location
from graphql_api.types.product import Product, Tier, product, tier
from graphql_api.types.program_budget import ProgramBudget, budget
from graphql_api.types.switches import ProgramSwitches, gift, switches
from graphql_api.types.voucher import Gift
from loyalty import models
from loyalty.base import values
from loyalty.programs import ProgramOffers, switches_of, variant_name
from loyalty.switches import Reward as Given


@strawberry.type(
    description="One campaign: a mechanic, its numbers and its texts, by the rules in force. A card"
    " that is running may keep older ones until it is full."
)
class Program(Node):
    """A program with the rules in force."""

    row: strawberry.Private[models.Program]
    offers: strawberry.Private[ProgramOffers]
    name: str = strawberry.field(description="The name that customers read.")
    description: str = strawberry.field(description="A longer text for customers; may be empty.")
    variant: str | None = strawberry.field(
        description="The name of the configuration, such as `stamp-classic`; null for the six"
        " without one."
    )
    bonus_model: values.BonusModel = strawberry.field(description="What the program counts.")
    mode: values.Mode = strawberry.field(
        description="Whether a full card gives one fixed bonus, or a choice from a menu."
    )
    stamp_mode: values.StampMode = strawberry.field(description="What one unit stands for.")
    currency: str = strawberry.field(
        description="The ISO 4217 code of every amount of this program, such as EUR."
    )
    threshold: UnitCount = strawberry.field(
        description="The units that fill a card: stamps, or minor units where money is counted."
    )
    step: UnitCount | None = strawberry.field(
        description="The minor units of a receipt that bring one stamp; null unless the model is"
        " AMOUNT_STEP."
    )
    minimum: UnitCount | None = strawberry.field(
        description="The minor units that a receipt must reach; null unless the model is"
        " QUALIFIED_VISIT."
    )
    max_units_per_scan: UnitCount | None = strawberry.field(
        description="The most units that one scan gives; null when the owner set no ceiling. A"
        " scan never gives more than fill 100 cards."
    )
    surplus: values.Surplus = strawberry.field(
        description="What becomes of units beyond a full card."
    )
    status: ProgramStatus = strawberry.field(
        description="Where the program stands in its owner's hands."
    )
    starts_at: datetime | None = strawberry.field(
        description="When it begins, in UTC; null when it has no beginning."
    )
    ends_at: datetime | None = strawberry.field(
        description="The first moment at which it is over, in UTC; null when it has no end."
    )

    @strawberry.field(
        description="True when it can be collected in now: published, not paused, and between its"
        " dates. The location may still not be one of its own."
    )
    def is_running(self, info: Info) -> bool:
        """By the clock of the database."""
        return self.is_running_now(info)

    @strawberry.field(description="The locations where it runs; empty when it runs at all of them.")
    def locations(self, info: Info) -> list[Location]:
        """Read when asked for, with those of the whole page."""
        return info.context.read(
            lambda: [location(row) for row in self.offers.locations.get(self.row.pk, ())]
        )

    @strawberry.field(
        description="The tiers of its menu, the lowest first; empty in a simple program."
    )
    def tiers(self, info: Info) -> list[Tier]:
        """Read when asked for, with those of the whole page."""
        return info.context.read(
            lambda: [tier(row) for row in self.offers.tiers.get(self.row.pk, ())]
        )

    @strawberry.field(
        description="The products that it can give or count, without archived ones, the lowest tier"
        " first; at most 100."
    )
    def products(self, info: Info) -> list[Product]:
        """Read when asked for, with those of the whole page."""
        return info.context.read(
            lambda: [product(row) for row in self.offers.products.get(self.row.pk, ())]
        )

    @strawberry.field(
        description="Its buttons on the panel, in their order, at most 100; null for anybody but"
        " staff."
    )
    def presets(self, info: Info) -> list["Preset"] | None:
        """Read when asked for, with those of the whole page."""
        return info.context.read(lambda: self._presets(info.context))

    @strawberry.field(
        description="What a full card gives; null where the customer chooses from the menu."
    )
    def gives(self, info: Info) -> Gift | None:
        """Its product is read when asked for, with those of the whole page."""
        return info.context.read(self._gives)

    @strawberry.field(description="What the owner switched on besides the units of a card.")
    def switches(self, info: Info) -> ProgramSwitches:
        """Its products are read when asked for, with those of the whole page."""
        return info.context.read(lambda: switches(switches_of(self.row), self._given()))

    @strawberry.field(
        description="What it may give altogether, and has given; null without an end to it, and for"
        " anybody but managers."
    )
    def budget(self, info: Info) -> ProgramBudget | None:
        """Read when asked for, with those of the whole page."""
        return info.context.read(lambda: self._budget(info.context))

    def is_running_now(self, info: Info) -> bool:
        """True when it can be collected in now."""
        return info.context.read(lambda: self.offers.is_running(self.row.pk))

    def _presets(self, context: Context) -> list["Preset"] | None:
        rows = self.offers.presets_of(self.row.pk, actor=context.actor)
        return None if rows is None else [_preset(row, self) for row in rows]

    def _budget(self, context: Context) -> ProgramBudget | None:
        row = self.offers.budget_of(self.row.pk, actor=context.actor)
        return budget(row) if row else None

    def _gives(self) -> Gift | None:
        voucher = switches_of(self.row).card
        if voucher:
            return gift(voucher, self._given())
        number = self.row.current.product_id if self.row.current else None
        row = self.offers.gifts.get(number or 0)
        return gift(Given(row.pk, title=row.name), self._given()) if row else None

    def _given(self) -> dict[int, Product]:
        return {number: product(row) for number, row in self.offers.gifts.items()}


@strawberry.type(description="A one-tap button of the panel.")
class Preset(Node):
    """A preset."""

    name: str = strawberry.field(description="The text on the button.")
    program: Program = strawberry.field(description="The program that it gives units of.")
    quantity: int | None = strawberry.field(
        description="The count that it stands for; null when it fixes none."
    )
    amount: UnitCount | None = strawberry.field(
        description="The amount that it stands for, in minor units; null when it fixes none."
    )
    product: Product | None = strawberry.field(
        description="The product that it stands for; null when it fixes none."
    )
    points: int = strawberry.field(
        description="The activity points that it gives, before the level's percentage."
    )
    row: strawberry.Private[models.Preset]
    locations: list[Location] = strawberry.field(
        description="The location where it stands; empty when it stands at all of them."
    )

    @strawberry.field(
        description="True when it can be tapped now: it is not archived, its program is running,"
        " and its product can be had."
    )
    def is_available(self, info: Info) -> bool:
        """By the clock of the database, as all of its page."""
        if self.row.is_archived or (self.row.product and self.row.product.is_archived):
            return False
        return self.program.is_running_now(info)


def programs(rows: Sequence[models.Program]) -> list[Program]:
    """The programs of one page, whose `current` versions were fetched with them."""
    offers = ProgramOffers(rows)
    return [_program(row, offers) for row in rows]


def program(row: models.Program) -> Program:
    """The program of a row whose `current` version was fetched with it."""
    return programs([row])[0]


def presets(rows: Sequence[models.Preset]) -> list[Preset]:
    """The presets of one page, whose programs were fetched with them."""
    distinct = {row.program_id: row.program for row in rows}
    known = dict(zip(distinct, programs(list(distinct.values())), strict=True))
    return [_preset(row, known[row.program_id]) for row in rows]


def _program(row: models.Program, offers: ProgramOffers) -> Program:
    rules = row.current
    if rules is None:
        raise LookupError("A program without rules is never shown.")
    model = values.BonusModel(rules.bonus_model)
    mode, stamp_mode = values.Mode(rules.mode), values.StampMode(rules.stamp_mode)
    return Program(
        id=strawberry.ID(global_id("Program", row.pk)),
        row=row,
        offers=offers,
        name=row.name,
        description=row.description,
        variant=variant_name(model, mode, stamp_mode),
        bonus_model=model,
        mode=mode,
        stamp_mode=stamp_mode,
        currency=row.currency,
        threshold=UnitCount(rules.threshold),
        step=_units(rules.step),
        minimum=_units(rules.minimum),
        max_units_per_scan=_units(rules.max_units_per_scan),
        surplus=values.Surplus(rules.surplus),
        status=ProgramStatus(row.status),
        starts_at=row.starts_at,
        ends_at=row.ends_at,
    )


def _units(count: int | None) -> UnitCount | None:
    return None if count is None else UnitCount(count)


def _preset(row: models.Preset, of: Program) -> Preset:
    return Preset(
        id=strawberry.ID(global_id("Preset", row.pk)),
        name=row.name,
        program=of,
        quantity=row.quantity,
        amount=_units(row.amount),
        product=product(row.product) if row.product else None,
        points=row.points,
        row=row,
        locations=[location(row.location)] if row.location and not row.location.is_archived else [],
    )
