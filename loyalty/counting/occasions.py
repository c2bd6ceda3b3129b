"""What a visit gives besides the units of its card (docs/rules.md#a-collect-step-by-step)."""

from collections.abc import Collection
from dataclasses import dataclass
from datetime import datetime

from loyalty.base.calendar import day_of, days_later
from loyalty.base.states import BonusSource
from loyalty.base.values import Mode
from loyalty.switches import Reward, Switches

WELCOME = "welcome"


@dataclass(frozen=True, slots=True)
class EarnedReward:
    """A gift and its source; what has an `occasion` a person gets once for it."""

    source: BonusSource
    gift: Reward
    occasion: str = ""
    tier_id: int | None = None
    level_id: int | None = None

    @property
    def is_of_program(self) -> bool:
        """True where the program pays for it; levels are the business's own."""
        return self.source != BonusSource.LEVEL


def card_reward(switches: Switches, mode: Mode, *, menu: str, product: Reward | None) -> Reward:
    """What a full card gives: the voucher switched on, a choice of the `menu`, or the product."""
    if switches.card:
        return switches.card
    return Reward(title=menu) if mode is Mode.TIERED or product is None else product


def level_reward(level_id: int, gift: Reward, *, at: datetime, zone: str) -> EarnedReward:
    """The gift of a level: once a person and calendar year, whatever was taken back meanwhile."""
    occasion = f"level:{level_id}:{day_of(at, zone).year}"
    return EarnedReward(BonusSource.LEVEL, gift, occasion, level_id=level_id)


def bonus_end(gift: Reward, switches: Switches, *, at: datetime, zone: str) -> datetime | None:
    """When a bonus earned at this moment is over: the end of a day, in UTC; None: never."""
    days = gift.valid_days or switches.bonus_valid_days
    return None if days is None else days_later(at, days, zone)


@dataclass(frozen=True, slots=True)
class Person:
    """What is known of the person who collects; `known` are the occasions that they had already.

    `near` is the year of the birthday that the visit is near enough to, None without one;
    `past_bonuses` were earned on this card before; `is_new`: this is their first visit.
    """

    near: int | None = None
    known: Collection[str] = ()
    past_bonuses: int = 0
    is_new: bool = False


def occasion_rewards(person: Person, switches: Switches, *, program_id: int) -> list[EarnedReward]:
    """The welcome and birthday presents that this visit raises."""
    found = []
    if switches.welcome and person.is_new:
        found.append(EarnedReward(BonusSource.WELCOME, switches.welcome, WELCOME))
    rule = switches.birthday
    if rule and person.near is not None and person.past_bonuses >= rule.min_past_bonuses:
        key = f"birthday:{program_id}:{person.near}"
        found.append(EarnedReward(BonusSource.BIRTHDAY, rule.gift, key))
    return [each for each in found if each.occasion not in person.known] if found else found
