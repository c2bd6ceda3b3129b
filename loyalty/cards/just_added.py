"""What the page that follows a collect says was added."""

from collections.abc import Iterable
from dataclasses import dataclass
from datetime import timedelta

from loyalty.base import exempt
from loyalty.base.states import BonusSource, EntryKind, SessionStatus
from loyalty.cards.shown_card import ShownCard
from loyalty.db.roundtrip import database_now
from loyalty.models import LedgerEntry

# Afterwards the address of that page, kept or shared, is the card's plain one.
NEWS_LASTS = timedelta(minutes=10)


@dataclass(frozen=True, slots=True)
class JustAdded:
    """Units and filled cards of some sessions; nothing (False) when none is new.

    `completed` are those whose bonuses still wait; `is_taken_back` when staff took one back since.
    """

    units: int = 0
    completed: int = 0
    is_taken_back: bool = False

    def __bool__(self) -> bool:
        return self.units > 0


@exempt.asked_already("of a card that was read for its customer")
def just_added(session_ids: Iterable[int], *, card: ShownCard) -> JustAdded:
    """What these sessions brought to the card in the last minutes; others count nothing."""
    now = database_now()
    entries = LedgerEntry.objects.filter(
        card_id=card.id, session_id__in=list(session_ids), recorded_at__gt=now - NEWS_LASTS
    ).values_list("kind", "units", "session__status")
    level_status = [
        (kind, units) for kind, units, status in entries if status != SessionStatus.VOIDED
    ]
    units = sum(units for kind, units in level_status if kind == EntryKind.EARN)
    filled = (
        -sum(units for kind, units in level_status if kind == EntryKind.COMPLETE) // card.threshold
    )
    # Another sale's undo, or the counter, may have taken what this one had filled.
    waiting = sum(bonus.source == BonusSource.CARD for bonus in card.bonuses)
    return JustAdded(units, min(filled, waiting), len(level_status) < len(entries))
