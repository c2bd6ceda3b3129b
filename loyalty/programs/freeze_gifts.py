"""Settles what each gift of a version is: its product, its words and its worth."""

from dataclasses import replace

from loyalty.base import exempt, money
from loyalty.base.errors import ProductUnavailable
from loyalty.models import Product, Program
from loyalty.switches import Reward, Switches, with_rewards


@exempt.asked_already("part of publishing")
def freeze_gifts(switches: Switches, *, program: Program, product: Product | None) -> Switches:
    """The switches with every gift named; raises ProductUnavailable.

    Who names no product gives the program's fixed one, or the cheapest of its lowest tier.
    """
    return with_rewards(switches, lambda reward: _frozen(reward, program, product))


def voucher(gift: Reward, *, currency: str) -> Reward:
    """A voucher with its words and its worth."""
    if gift.amount is not None:
        shown = money.shown(gift.amount, currency=currency)
        return replace(gift, title=shown, worth=gift.amount)
    return replace(gift, title=gift.text or f"{gift.percent} %", worth=0)


def _frozen(gift: Reward, program: Program, product: Product | None) -> Reward:
    if gift.is_voucher:
        return voucher(gift, currency=program.currency)
    found = product or _cheapest(program)
    if gift.product_id is not None:
        found = program.products.filter(pk=gift.product_id, is_archived=False).first()
    if found is None:
        raise ProductUnavailable
    return replace(gift, product_id=found.pk, title=found.name, worth=found.price or 0)


def _cheapest(program: Program) -> Product | None:
    # One without a price counts as the dearest of its tier.
    found = list(program.products.filter(is_archived=False).select_related("tier"))
    return min(found, key=_cost, default=None)


def _cost(product: Product) -> tuple[int, bool, int, int]:
    rank = product.tier.rank if product.tier else 0
    return rank, product.price is None, product.price or 0, product.pk
