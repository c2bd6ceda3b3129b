"""Why a card was credited, or not: values without words."""

from loyalty.explaining.card_lines import (
    CardLine,
    CardOwners,
    card_lines,
    missed_by,
    shown_events,
)
from loyalty.explaining.line_moves import TierMove, UnitMoves
from loyalty.explaining.session_stories import SessionLine, SessionStory, session_stories
from loyalty.explaining.taken_back import NameChange, NamedDebt, UndoneVisit, UndoStory

__all__ = [
    "CardLine",
    "CardOwners",
    "NameChange",
    "NamedDebt",
    "SessionLine",
    "SessionStory",
    "TierMove",
    "UndoStory",
    "UndoneVisit",
    "UnitMoves",
    "card_lines",
    "missed_by",
    "session_stories",
    "shown_events",
]
