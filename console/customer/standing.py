"""A customer's streak, level and bonuses as their card's page says them."""

from dataclasses import dataclass
from datetime import date
from uuid import UUID

from loyalty.base.calendar import last_day
from loyalty.cards import ShownCard
from loyalty.levels import LevelView
from loyalty.wording import bonus_title, card_page, earned_by


@dataclass(frozen=True, slots=True)
class Standing:
    """Each is empty where there is nothing to say; `keep_by` is the streak's last day."""

    streak: str = ""
    keep_by: date | None = None
    level: str = ""
    next_level: str = ""

    def __bool__(self) -> bool:
        return bool(self.streak or self.level or self.next_level)


@dataclass(frozen=True, slots=True)
class Waiting:
    """A bonus, and why it is there."""

    title: str
    why: str
    last_day: date | None
    photo: UUID | None


def standing(card: ShownCard) -> Standing:
    """What the card's page says beside the ticket."""
    streak, level = card.streak, card.level
    until = streak.keep_until if streak else None
    return Standing(
        streak=card_page.streak(streak.days) if streak and streak.days else "",
        keep_by=last_day(until, card.zone) if until else None,
        level=level.name if level else "",
        next_level=_next(level) if level else "",
    )


def _next(level: LevelView) -> str:
    if level.next is None:
        return ""
    if level.is_held:
        return card_page.held_level(level.next)
    # With the points there, the next visit decides: nothing is missing that one could name.
    return card_page.next_level(level.missing, level.next) if level.missing else ""


def waiting(card: ShownCard) -> list[Waiting]:
    """The bonuses that wait, the oldest first."""
    return [
        Waiting(
            bonus_title(each.title, each.choice),
            earned_by(each.source),
            each.last_day,
            each.photo,
        )
        for each in card.bonuses
    ]
