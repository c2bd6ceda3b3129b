"""A new campaign starts running: its rules as version 1, its menu, and the plan's limits."""

from collections.abc import Mapping
from dataclasses import dataclass, field, replace
from datetime import datetime

from django.db import transaction

from loyalty.base import access, money
from loyalty.base.access import Permission
from loyalty.base.errors import ConfigurationInvalid, InvalidInput, PlanLimit
from loyalty.base.one_line import neutral, one_line
from loyalty.base.states import RunStatus
from loyalty.base.values import BonusModel, Mechanic, Mode, StaffActor, Surplus, SystemActor
from loyalty.db.roundtrip import database_now
from loyalty.models import Level, Product, Program, ProgramBudget, Settings, Tier
from loyalty.programs import configuration
from loyalty.programs.budget import Budget
from loyalty.programs.write_version import write_version
from loyalty.switches import NONE, Switches
from loyalty.switches import check as check_switches

_LONGEST_NAME, _LONGEST_TIER, _LONGEST_DESCRIPTION = 120, 60, 2_000


@dataclass(frozen=True, slots=True)
class MenuTier:
    """A tier and its products; the first tier of a menu is the lowest."""

    name: str
    products: tuple[str, ...]


@dataclass(frozen=True, slots=True)
class NewProgram:
    """A campaign as an owner describes it: `menu` when tiered, else the one product it gives.

    Without locations it runs everywhere; `currency` is an ISO 4217 code, in capitals, of money
    that people pay with; `prices` are minor units by the product's name.
    """

    name: str
    currency: str
    mechanic: Mechanic
    gives: str = ""
    menu: tuple[MenuTier, ...] = ()
    description: str = ""
    location_ids: tuple[int, ...] = ()
    starts_at: datetime | None = None
    ends_at: datetime | None = None
    eligible: tuple[str, ...] = field(default=())
    prices: Mapping[str, int] = field(default_factory=dict)
    switches: Switches = NONE
    budget: Budget | None = None


def usual_surplus(model: BonusModel) -> Surplus:
    """Stamps carry over; money gives one bonus and restarts."""
    return Surplus.FORFEIT if model is BonusModel.CUMULATIVE_SPEND else Surplus.CARRY


def publish_program(wanted: NewProgram, *, actor: StaffActor | SystemActor) -> Program:
    """The running program; raises ConfigurationInvalid, InvalidInput or PlanLimit."""
    access.require(actor, Permission.EDIT_PROGRAMS)
    configuration.check(wanted.mechanic)
    check_switches(wanted.switches)
    wanted = _in_one_line(wanted)
    _check_words(wanted)
    with transaction.atomic():
        # The business's one settings row serialises all who start a program: the count below
        # cannot be outrun.
        limits = Settings.objects.select_for_update().get()
        _check_plan(limits, wanted)
        _check_levels(wanted)
        program = Program.objects.create(
            name=wanted.name,
            description=wanted.description,
            currency=wanted.currency,
            starts_at=wanted.starts_at,
            ends_at=wanted.ends_at,
        )
        program.locations.set(wanted.location_ids)
        product = _menu(program, wanted)
        now = database_now()
        write_version(program, wanted.mechanic, wanted.switches, product=product, now=now)
        _set_budget(program, wanted)
    return program


def check_mode(limits: Settings, mechanic: Mechanic) -> None:
    """Raise PlanLimit for a menu that the plan has not."""
    if mechanic.mode is Mode.TIERED and not limits.has_tiered_mode:
        raise PlanLimit(details={"what": "tiered mode"})


def _in_one_line(wanted: NewProgram) -> NewProgram:
    """The same with every name in one line; raises InvalidInput, which names the field.

    A description may have lines, and nothing else that is not shown.
    """
    description = wanted.description.strip()
    lines = description.splitlines()
    if len(description) > _LONGEST_DESCRIPTION:
        limit = {"limit": _LONGEST_DESCRIPTION}
        raise InvalidInput(details={"field": "description", "reason": "length", **limit})
    if any(neutral(line) != " ".join(line.split()) for line in lines):
        raise InvalidInput(details={"field": "description", "reason": "characters"})
    menu = tuple(
        MenuTier(
            one_line(tier.name, field="menu.name", longest=_LONGEST_TIER),
            _product_names(tier.products, field="menu.products"),
        )
        for tier in wanted.menu
    )
    return replace(
        wanted,
        name=one_line(wanted.name, field="name", longest=_LONGEST_NAME),
        gives=_product_name(wanted.gives, field="gives") if wanted.gives else "",
        menu=menu,
        description="\n".join(lines),
        eligible=_product_names(wanted.eligible, field="eligible"),
        prices={name.strip(): price for name, price in wanted.prices.items()},
    )


def _product_names(names: tuple[str, ...], *, field: str) -> tuple[str, ...]:
    return tuple(_product_name(name, field=field) for name in names)


def _product_name(name: str, *, field: str) -> str:
    return one_line(name, field=field, longest=_LONGEST_NAME)


def _check_words(wanted: NewProgram) -> None:
    is_tiered = wanted.mechanic.mode is Mode.TIERED
    if not money.is_known(wanted.currency):
        raise InvalidInput(details={"field": "currency", "reason": "unknown"})
    if is_tiered != bool(wanted.menu) or is_tiered == bool(wanted.gives):
        raise InvalidInput(details={"field": "menu", "reason": "menu_and_mode"})
    if any(not tier.products for tier in wanted.menu):
        raise InvalidInput(details={"field": "menu", "reason": "empty_tier"})


def _check_plan(limits: Settings, wanted: NewProgram) -> None:
    check_mode(limits, wanted.mechanic)
    most = limits.max_running_programs
    running = Program.objects.filter(status=RunStatus.RUNNING).count()
    if most is not None and running >= most:
        raise PlanLimit(details={"what": "running programs", "limit": most})


def _check_levels(wanted: NewProgram) -> None:
    # A level's voucher lies on the card whose scan reached it: its amount needs one currency.
    others = Program.objects.exclude(currency=wanted.currency).exists()
    if others and Level.objects.filter(gift__amount__gt=0).exists():
        raise ConfigurationInvalid(details={"field": "currency", "reason": "level_gift"})


def _set_budget(program: Program, wanted: NewProgram) -> None:
    if wanted.budget is None:
        return
    if wanted.budget.most_worth is not None and wanted.mechanic.mode is Mode.TIERED:
        # What a menu's bonus costs is known only when it was chosen: such a budget counts bonuses.
        raise ConfigurationInvalid(details={"field": "budget", "reason": "worth_of_a_menu"})
    ProgramBudget.objects.create(
        program=program,
        most_bonuses=wanted.budget.most_bonuses,
        most_worth=wanted.budget.most_worth,
    )


def _menu(program: Program, wanted: NewProgram) -> Product | None:
    for rank, tier in enumerate(wanted.menu, start=1):
        row = Tier.objects.create(program=program, name=tier.name, rank=rank)
        Product.objects.bulk_create(_product(program, name, wanted, row) for name in tier.products)
    # Products that count on a receipt, besides the one that is given.
    Product.objects.bulk_create(_product(program, name, wanted) for name in wanted.eligible)
    if not wanted.gives:
        return None
    given = _product(program, wanted.gives, wanted)
    given.save()
    return given


def _product(program: Program, name: str, wanted: NewProgram, tier: Tier | None = None) -> Product:
    return Product(program=program, tier=tier, name=name, price=wanted.prices.get(name))
