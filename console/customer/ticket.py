"""A card drawn as a ticket: seals for what is there, dashed circles for what is missing."""

from dataclasses import dataclass

from django.utils.translation import gettext

from console.amounts import shown
from console.customer import wording
from loyalty.queries.just_added import JustAdded
from loyalty.queries.shown_card import ShownCard

# More would be too small to count; a bar says it better.
_MOST_SLOTS = 20
_COLUMNS = ((6, 3), (12, 4))
_NO_NEWS = JustAdded()


@dataclass(frozen=True, slots=True)
class Ticket:
    """`slots` are "on", "new" or "off"; none where a bar (`share` of 100) stands instead."""

    card: ShownCard
    slots: list[tuple[int, str]]
    columns: int
    share: int
    fraction: str
    label: str
    headline: str
    debt: str


def ticket(card: ShownCard, *, added: JustAdded = _NO_NEWS) -> Ticket:
    """How the card looks now; what was just added is drawn as new."""
    has_slots = card.currency is None and card.threshold <= _MOST_SLOTS
    count = card.threshold + 1
    return Ticket(
        card=card,
        slots=_slots(card, added) if has_slots else [],
        columns=next((columns for most, columns in _COLUMNS if count <= most), 5),
        share=min(100, card.open * 100 // card.threshold),
        fraction=f"{_amount(card, card.open)}/{_amount(card, card.threshold)}",
        label=gettext("%(open)s of %(threshold)s")
        % {"open": _amount(card, card.open), "threshold": _amount(card, card.threshold)},
        headline=wording.still_missing(card.missing, currency=card.currency),
        debt=_amount(card, card.debt) if card.debt else "",
    )


def _slots(card: ShownCard, added: JustAdded) -> list[tuple[int, str]]:
    old = max(0, card.open - added.units)
    return [
        (number, "off" if number > card.open else "new" if number > old else "on")
        for number in range(1, card.threshold + 1)
    ]


def _amount(card: ShownCard, units: int) -> str:
    return shown(units, currency=card.currency) if card.currency else str(units)
