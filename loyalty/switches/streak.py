"""A bonus for visits that follow one another."""

from collections.abc import Mapping
from dataclasses import dataclass, replace
from typing import Any

from loyalty.switches.reward import Reward, is_right, read_reward
from loyalty.switches.switch import NameReward, Switch, known_values

_YEAR, _MOST_VISITS, _MOST_FREEZES = 366, 1_000, 30  # more is a typing mistake


@dataclass(frozen=True, slots=True)
class StreakRule:
    """A bonus at each multiple of `threshold` visits that are at most `window` days apart.

    `freezes` missed windows are forgiven in each streak; `skips_closed_days` leaves the days on
    which the location is closed out of the count.
    """

    window: int
    threshold: int
    gift: Reward = Reward()
    freezes: int = 0
    skips_closed_days: bool = False


def _is_right(rule: StreakRule | None) -> bool:
    return rule is None or (
        1 <= rule.window <= _YEAR
        and 1 <= rule.threshold <= _MOST_VISITS
        and 0 <= rule.freezes <= _MOST_FREEZES
        and is_right(rule.gift)
    )


def _bare(rule: StreakRule | None) -> StreakRule | None:
    return replace(rule, gift=rule.gift.bare) if rule else None


def _is_as_good(new: StreakRule | None, old: StreakRule | None) -> bool:
    # A streak that comes in is a gain.
    return old is None or _bare(new) == _bare(old)


def _read(kept: Mapping[str, Any] | None) -> StreakRule | None:
    if not kept:
        return None
    values = known_values(StreakRule, kept)
    return StreakRule(**{**values, "gift": read_reward(kept.get("gift")) or Reward()})


def _with_rewards(rule: StreakRule | None, name: NameReward) -> StreakRule | None:
    return replace(rule, gift=name(rule.gift)) if rule else None


STREAK = Switch[StreakRule | None](
    off=None,
    is_right=_is_right,
    is_as_good=_is_as_good,
    read=_read,
    with_rewards=_with_rewards,
)
