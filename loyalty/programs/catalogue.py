"""Programs, products, presets and locations."""

from collections import defaultdict
from collections.abc import Collection, Iterable
from dataclasses import dataclass, field

from django.db.models import Q, QuerySet

from loyalty.base import access, exempt
from loyalty.base.access import Permission
from loyalty.base.errors import NotFound
from loyalty.base.states import RunStatus
from loyalty.base.values import Actor
from loyalty.models import Bonus, Location, Preset, Product, Program, Tier

_MOST_CHOICES = 100


@exempt.open_to_all("the menu is nobody's secret")
def programs() -> QuerySet[Program]:
    """All programs that have rules, with the rules in force."""
    return Program.objects.select_related("current").filter(current__isnull=False)


@exempt.open_to_all("the menu is nobody's secret")
def program(number: int) -> Program:
    """One program; raises NotFound."""
    found = programs().filter(pk=number).first()
    if found is None:
        raise NotFound
    return found


@exempt.open_to_all("the menu is nobody's secret")
def programs_by_number(numbers: Iterable[int]) -> dict[int, Program]:
    """These programs with the rules in force, by number."""
    return programs().in_bulk(list(numbers))


@exempt.open_to_all("where the business is, everybody may know")
def locations() -> QuerySet[Location]:
    """All locations that are not archived."""
    return Location.objects.filter(is_archived=False)


def presets(location_id: int | None = None, *, actor: Actor) -> QuerySet[Preset]:
    """The presets of one location (those without a location are everywhere), or of all."""
    access.require(actor, Permission.READ_PANEL)
    found = _presets().filter(is_archived=False)
    if location_id is None:
        return found
    return found.filter(Q(location_id=location_id) | Q(location_id=None))


@exempt.asked_already("buttons of sessions that were read for the caller")
def presets_by_number(numbers: Iterable[int]) -> dict[int, Preset]:
    """These presets with what they stand for, by number; archived ones too."""
    return _presets().in_bulk(list(numbers))


@exempt.open_to_all("where the business is, everybody may know")
def locations_by_number(numbers: Iterable[int]) -> dict[int, Location]:
    """These locations by number; archived ones too."""
    return Location.objects.in_bulk(list(numbers))


def _presets() -> QuerySet[Preset]:
    found = Preset.objects.select_related("program__current", "product__tier", "location")
    return found.filter(program__current__isnull=False)


@exempt.open_to_all("the menu is nobody's secret")
def tiers(numbers: list[int]) -> QuerySet[Tier]:
    """These tiers, the lowest first."""
    return Tier.objects.filter(pk__in=numbers).order_by("rank")


@dataclass(frozen=True)
class Menu:
    """What a customer chooses from: the products of a program, all or up to a tier's rank."""

    program_id: int
    rank: int | None
    products: tuple[Product, ...] = field(compare=False)


@exempt.asked_already("of bonuses that were read for the caller")
def menus(bonus_ids: Collection[int]) -> dict[int, Menu]:
    """By bonus of a tiered program, what it may become, the cheapest tier first; at most 100 each.

    In matched programs its own tier or a lower one, in all others any
    (docs/rules.md#configurations).
    """
    bonuses = Bonus.objects.filter(pk__in=bonus_ids)
    wanted = list(bonuses.values_list("id", "card__program_id", "tier__rank"))
    rows = Product.objects.select_related("tier").filter(is_archived=False)
    by_program: dict[int, list[Product]] = defaultdict(list)
    for row in rows.filter(program_id__in={each[1] for each in wanted}).order_by(
        "tier__rank", "id"
    ):
        by_program[row.program_id].append(row)
    known: dict[tuple[int, int | None], Menu] = {}
    for _, program, rank in wanted:
        if (program, rank) not in known:
            found = [row for row in by_program[program] if _is_within(row, rank)]
            known[program, rank] = Menu(program, rank, tuple(found[:_MOST_CHOICES]))
    return {number: known[program, rank] for number, program, rank in wanted}


def _is_within(row: Product, rank: int | None) -> bool:
    return rank is None or (row.tier is not None and row.tier.rank <= rank)


@exempt.open_to_all("the menu is nobody's secret")
def products() -> QuerySet[Product]:
    """All products that can be given, program by program, the cheapest tier first."""
    found = Product.objects.select_related("program", "tier").filter(is_archived=False)
    kept = found.exclude(program__status=RunStatus.ARCHIVED)
    return kept.order_by("program_id", "tier__rank", "id")


@exempt.open_to_all("the menu is nobody's secret")
def product(number: int) -> Product | None:
    """One product with its tier."""
    return products_by_number([number]).get(number)


@exempt.open_to_all("the menu is nobody's secret")
def products_by_number(numbers: Iterable[int]) -> dict[int, Product]:
    """These products with their tiers, by number."""
    return Product.objects.select_related("tier").in_bulk(list(numbers))
