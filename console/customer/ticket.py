"""A card drawn as a ticket: seals for what is there, dashed circles for what is missing."""

from dataclasses import dataclass

from loyalty.cards import JustAdded, ShownCard, ShownCounter
from loyalty.wording import card_page, money

# More would be too small to count; a bar says it better.
_MOST_SLOTS = 20
_COLUMNS = ((6, 3), (12, 4))
_NO_NEWS = JustAdded()


@dataclass(frozen=True, slots=True)
class TierLine:
    """One tier that counts for itself; what it owes first, and whether it is full already."""

    name: str
    fraction: str
    owed: str
    due: str


@dataclass(frozen=True, slots=True)
class Ticket:
    """`slots` are "on", "new" or "off"; none where a bar (`share` of 100) stands instead.

    While the bonus of a full card waits, or comes with the next visit, the full row stands, and
    `beyond` says what counts already for the next one (docs/rules.md#configurations). `owed` is of
    the only counter, `tiers` say theirs.
    """

    card: ShownCard
    slots: list[tuple[int, str]]
    columns: int
    share: int
    fraction: str
    label: str
    headline: str
    owed: str
    beyond: str
    tiers: list[TierLine]


def ticket(card: ShownCard, *, added: JustAdded = _NO_NEWS) -> Ticket:
    """How the card looks now; what was just added is drawn as new."""
    has_slots = card.currency is None and card.threshold <= _MOST_SLOTS
    is_whole = card.is_full or card.is_due
    count, open_units = card.threshold + 1, card.threshold if is_whole else card.open
    beyond = card.open if card.is_full else card.open - card.threshold
    has, threshold = _amount(card, open_units), _amount(card, card.threshold)
    return Ticket(
        card=card,
        slots=_slots(card, open_units, added) if has_slots else [],
        columns=next((columns for most, columns in _COLUMNS if count <= most), 5),
        share=min(100, open_units * 100 // card.threshold),
        fraction=f"{has}/{threshold}",
        label=card_page.share(has, threshold),
        headline=_headline(card),
        owed=_owed(card, card.debt) if card.debt and not card.tiers else "",
        beyond=_amount(card, beyond) if is_whole and beyond > 0 else "",
        tiers=[_tier(card, each) for each in card.tiers],
    )


def _tier(card: ShownCard, counter: ShownCounter) -> TierLine:
    owed = _owed(card, counter.debt, tier=counter.name) if counter.debt else ""
    due = "" if counter.missing else card_page.due(tier=counter.name)
    has = min(counter.open, card.threshold)
    return TierLine(counter.name, f"{has}/{card.threshold}", owed, due)


def _owed(card: ShownCard, units: int, *, tier: str = "") -> str:
    return card_page.owed(units, currency=card.currency, tier=tier)


def _headline(card: ShownCard) -> str:
    if card.is_full:
        return card_page.full()
    if card.is_due:
        return card_page.due()
    return card_page.still_missing(card.missing, currency=card.currency)


def _slots(card: ShownCard, open_units: int, added: JustAdded) -> list[tuple[int, str]]:
    # Of a row that was filled, the seals that filled it are the new ones.
    newest = added.units - card.open if card.is_full else added.units
    old = max(0, open_units - max(0, newest)) if added else open_units
    return [
        (number, "off" if number > open_units else "new" if number > old else "on")
        for number in range(1, card.threshold + 1)
    ]


def _amount(card: ShownCard, units: int) -> str:
    return money(units, currency=card.currency) if card.currency else str(units)
