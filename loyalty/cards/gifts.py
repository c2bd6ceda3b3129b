"""Bonuses as somebody may name them: what they were earned by, and what may be chosen."""

from collections.abc import Iterable, Sequence
from dataclasses import dataclass
from datetime import datetime

from django.db.models import Exists, OuterRef

from loyalty.base import exempt
from loyalty.base.states import BonusSource
from loyalty.models import Bonus, Tier


@dataclass(frozen=True, slots=True)
class ProductChoice:
    """Any product of a tier, and of those below where `has_lower`; without tier: of the menu."""

    tier: str | None = None
    has_lower: bool = False


@dataclass(frozen=True, slots=True)
class ShownBonus:
    """A bonus and what it was earned by; `choice` where the customer chooses the product."""

    source: str
    title: str
    choice: ProductChoice | None = None
    expires_at: datetime | None = None


@exempt.open_to_all("the menu is nobody's secret")
def choices_by_tier(numbers: Iterable[int]) -> dict[int, ProductChoice]:
    """What bonuses of these tiers may become."""
    lower = Tier.objects.filter(program=OuterRef("program"), rank__lt=OuterRef("rank"))
    found = Tier.objects.filter(pk__in=set(numbers)).annotate(has_lower=Exists(lower))
    rows = found.values_list("pk", "name", "has_lower")
    return {number: ProductChoice(name, has_lower) for number, name, has_lower in rows}


@exempt.asked_already("of bonuses that were read for the caller")
def earned_at(numbers: Iterable[int]) -> dict[int, datetime]:
    """When these bonuses were earned."""
    rows = Bonus.objects.filter(pk__in=list(numbers))
    return dict(rows.values_list("pk", "earned_at"))


def is_choice(source: str, *, product_id: int | None, is_voucher: bool) -> bool:
    """True for the full card of a tiered program: everything else is settled when it is earned."""
    return source == BonusSource.CARD and product_id is None and not is_voucher


def gifts(rows: Sequence[Bonus]) -> dict[int, ShownBonus]:
    """These bonuses by number, in one statement more at most."""
    tiers = {row.tier_id for row in rows if row.tier_id and _is_open(row)}
    choices = choices_by_tier(tiers) if tiers else {}
    return {row.pk: _gift(row, choices) for row in rows}


def _gift(row: Bonus, choices: dict[int, ProductChoice]) -> ShownBonus:
    choice = choices.get(row.tier_id or 0, ProductChoice()) if _is_open(row) else None
    return ShownBonus(row.source, row.title, choice, row.expires_at)


def _is_open(row: Bonus) -> bool:
    return is_choice(row.source, product_id=row.product_id, is_voucher=row.is_voucher)
