"""A bonus for a visit around the birthday."""

from collections.abc import Mapping
from dataclasses import dataclass, replace
from typing import Any

from loyalty.switches.reward import Reward, is_right, read_reward
from loyalty.switches.switch import NameReward, Switch, known_values

_MOST_DAYS, _MOST_BONUSES = 30, 50


@dataclass(frozen=True, slots=True)
class BirthdayRule:
    """A bonus for a visit within so many days of the birthday."""

    days_before: int = 7
    days_after: int = 7
    min_past_bonuses: int = 1
    gift: Reward = Reward()


def _is_right(rule: BirthdayRule | None) -> bool:
    return rule is None or (
        0 <= rule.days_before <= _MOST_DAYS
        and 0 <= rule.days_after <= _MOST_DAYS
        and 0 <= rule.min_past_bonuses <= _MOST_BONUSES
        and is_right(rule.gift)
    )


def _bare(rule: BirthdayRule | None) -> BirthdayRule | None:
    return replace(rule, gift=rule.gift.bare) if rule else None


def _is_as_good(new: BirthdayRule | None, old: BirthdayRule | None) -> bool:
    # A birthday that comes in is a gain.
    return old is None or _bare(new) == _bare(old)


def _read(kept: Mapping[str, Any] | None) -> BirthdayRule | None:
    if not kept:
        return None
    values = known_values(BirthdayRule, kept)
    return BirthdayRule(**{**values, "gift": read_reward(kept.get("gift")) or Reward()})


def _with_rewards(rule: BirthdayRule | None, name: NameReward) -> BirthdayRule | None:
    return replace(rule, gift=name(rule.gift)) if rule else None


BIRTHDAY = Switch[BirthdayRule | None](
    off=None,
    is_right=_is_right,
    is_as_good=_is_as_good,
    read=_read,
    with_rewards=_with_rewards,
)
