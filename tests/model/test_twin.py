"""What the naive twin said wrongly once; each failed until it was mended."""

from dataclasses import replace
from datetime import UTC, datetime, timedelta

from loyalty.switches import StreakRule, Switches
from tests.model.draws import CLASSIC
from tests.model.history import BonusKey, Edition, House, Published, Sold, Step, Used, Voided
from tests.model.naive import told
from tests.model.shop import ZONES

START = datetime(2027, 11, 8, 12, tzinfo=UTC)
EDITION = Edition(
    1, replace(CLASSIC, threshold=100), Switches(streak=StreakRule(window=1, threshold=3))
)
WHO, WHERE = 1, 2


def at(day: int) -> datetime:
    return START + timedelta(days=day)


def sale(day: int) -> Sold:
    """The sale of that day; its session has the day's number, counted from one."""
    return Sold(day + 1, WHO, WHERE, ZONES[0], at(day), at(day), EDITION)


def test_a_day_that_comes_late_pays_for_a_streak_bonus_that_was_used() -> None:
    steps: list[Step] = [
        Published(WHERE, EDITION),
        *(sale(day) for day in range(3)),
        Used(WHO, WHERE, BonusKey(3, "streak", 0), None, None),
        Voided(1, at(2)),
        sale(4),
    ]
    assert told(steps, House()).cards[WHO, WHERE].streaks_owed == 1
    card = told([*steps, sale(3)], House()).cards[WHO, WHERE]
    assert (card.streak_days, card.streaks_owed) == (4, 0)
    assert [each.status for each in card.bonuses] == ["used"]
