"""Programs, products, presets and locations."""

from collections.abc import Iterable
from enum import StrEnum

from django.db.models import Q, QuerySet

from loyalty.errors import NotFound
from loyalty.models import Bonus, Location, Preset, Product, Program, Tier


class BonusSource(StrEnum):
    """What a bonus was earned by, as stored."""

    CARD = "card"
    STREAK = "streak"
    BIRTHDAY = "birthday"
    LEVEL = "level"
    WIN_BACK = "win_back"
    WELCOME = "welcome"
    MANUAL = "manual"
    PARTNER = "partner"


def programs() -> QuerySet[Program]:
    """All programs that have rules, with the rules in force."""
    return Program.objects.select_related("current").filter(current__isnull=False)


def program(number: int) -> Program:
    """One program; raises NotFound."""
    found = programs().filter(pk=number).first()
    if found is None:
        raise NotFound
    return found


def programs_by_number(numbers: Iterable[int]) -> dict[int, Program]:
    """These programs with the rules in force, by number."""
    return programs().in_bulk(list(numbers))


def locations() -> QuerySet[Location]:
    """All locations that are not archived."""
    return Location.objects.filter(is_archived=False)


def presets(location_id: int | None = None) -> QuerySet[Preset]:
    """The presets of one location (those without a location are everywhere), or of all."""
    found = _presets().filter(is_archived=False)
    if location_id is None:
        return found
    return found.filter(Q(location_id=location_id) | Q(location_id=None))


def presets_by_number(numbers: Iterable[int]) -> dict[int, Preset]:
    """These presets with what they stand for, by number; archived ones too."""
    return _presets().in_bulk(list(numbers))


def locations_by_number(numbers: Iterable[int]) -> dict[int, Location]:
    """These locations by number; archived ones too."""
    return Location.objects.in_bulk(list(numbers))


def _presets() -> QuerySet[Preset]:
    found = Preset.objects.select_related("program__current", "product__tier", "location")
    return found.filter(program__current__isnull=False)


def tiers(numbers: list[int]) -> QuerySet[Tier]:
    """These tiers, the lowest first."""
    return Tier.objects.filter(pk__in=numbers).order_by("rank")


def choices(bonus_id: int) -> list[Product]:
    """The products that a bonus of a tiered program may become, cheapest tier first; at most 100.

    In matched programs its own tier or a lower one, in all others any (SPEC section 3).
    """
    bonus = Bonus.objects.select_related("tier", "card").get(pk=bonus_id)
    found = Product.objects.select_related("tier").filter(
        program_id=bonus.card.program_id, is_archived=False
    )
    if bonus.tier is not None:
        found = found.filter(tier__rank__lte=bonus.tier.rank)
    return list(found.order_by("tier__rank", "id")[:100])


def products() -> QuerySet[Product]:
    """All products that can be given, program by program, the cheapest tier first."""
    found = Product.objects.select_related("program", "tier").filter(is_archived=False)
    kept = found.exclude(program__status="archived")
    return kept.order_by("program_id", "tier__rank", "id")


def product(number: int) -> Product | None:
    """One product with its tier."""
    return products_by_number([number]).get(number)


def products_by_number(numbers: Iterable[int]) -> dict[int, Product]:
    """These products with their tiers, by number."""
    return Product.objects.select_related("tier").in_bulk(list(numbers))
