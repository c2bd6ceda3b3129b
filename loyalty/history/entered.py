"""What staff entered for sales of the past, and the menus that it is counted by."""

from collections import defaultdict
from collections.abc import Collection, Mapping
from datetime import datetime
from typing import NamedTuple

from loyalty.base.events import EventKind
from loyalty.base.values import MenuItem, SaleLine
from loyalty.counting.units import Menu, menu
from loyalty.events.sales import MintedDetails
from loyalty.models import Event, Product

Lines = tuple[SaleLine, ...]


class PastMenu(NamedTuple):
    """A program's products, and those that are on its menu no longer; `ranks` by tier."""

    items: Menu
    archived: frozenset[int]
    ranks: Mapping[int | None, int]


def lines_of(tapped: Mapping[int, datetime]) -> dict[int, Lines]:
    """The lines that were entered for these sessions, which were made at these moments."""
    minted = Event.objects.filter(
        kind=EventKind.MINTED,
        # The log is found by time, not by what was minted.
        at__in=set(tapped.values()),
        session_id__in=list(tapped),
    )
    return {
        event.session_id or 0: MintedDetails.from_stored(event.details).lines for event in minted
    }


def menus_of(programs: Collection[int]) -> dict[int, PastMenu]:
    """The menus of these programs, with what was taken off them since."""
    items: dict[int, list[MenuItem]] = defaultdict(list)
    archived: dict[int, set[int]] = defaultdict(set)
    for product in Product.objects.filter(program__in=programs).select_related("tier"):
        rank = product.tier.rank if product.tier else 0
        items[product.program_id].append(MenuItem(product.pk, product.tier_id, rank))
        if product.is_archived:
            archived[product.program_id].add(product.pk)
    return {
        program: PastMenu(
            menu(items[program]),
            frozenset(archived[program]),
            {item.tier_id: item.rank for item in items[program]},
        )
        for program in programs
    }
