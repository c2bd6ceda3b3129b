"""All that an owner may switch on in a program, frozen with its version."""

from collections.abc import Mapping
from dataclasses import asdict, dataclass, fields, replace
from functools import lru_cache
from json import loads
from typing import Any

from loyalty.base.errors import ConfigurationInvalid
from loyalty.switches.birthday import BIRTHDAY, BirthdayRule
from loyalty.switches.card_reward import CARD_REWARD
from loyalty.switches.daily_cap import DAILY_CAP
from loyalty.switches.happy_hour import HAPPY_HOUR, HappyHour
from loyalty.switches.lifetimes import BONUS_VALID_DAYS, UNITS_EXPIRE_AFTER
from loyalty.switches.points import POINTS
from loyalty.switches.reward import Reward
from loyalty.switches.streak import STREAK, StreakRule
from loyalty.switches.switch import NameReward, Switch, switched_by
from loyalty.switches.welcome import WELCOME_REWARD


@dataclass(frozen=True, slots=True)
class Switches:
    """The registry of switches: a field for each, described in the file of its own.

    All are off by default. Rules and actions read their values here; what is to be done with each
    of them alike (storing, checking, comparing) finds them here.
    """

    points: int = switched_by(POINTS)
    card: Reward | None = switched_by(CARD_REWARD)
    streak: StreakRule | None = switched_by(STREAK)
    birthday: BirthdayRule | None = switched_by(BIRTHDAY)
    welcome: Reward | None = switched_by(WELCOME_REWARD)
    units_expire_after: int | None = switched_by(UNITS_EXPIRE_AFTER)
    bonus_valid_days: int | None = switched_by(BONUS_VALID_DAYS)
    daily_cap: int | None = switched_by(DAILY_CAP)
    happy_hour: HappyHour | None = switched_by(HAPPY_HOUR)


REGISTRY: Mapping[str, Switch[Any]] = {
    each.name: each.metadata["switch"] for each in fields(Switches)
}
NONE = Switches()


def stored(switches: Switches) -> dict[str, Any]:
    """As a version's row keeps them: what is off is left out."""
    return {
        name: value
        for name, value in asdict(switches).items()
        if value != REGISTRY[name].off and value is not None
    }


@lru_cache(maxsize=1_000)
def from_text(text: str) -> Switches:
    """The switches of a row's JSON text; versions never change, so that each is read once."""
    return from_stored(loads(text))


def from_stored(kept: Mapping[str, Any]) -> Switches:
    """The switches of a row; what a newer process wrote there besides is left out."""
    known = ((name, switch) for name, switch in REGISTRY.items() if name in kept)
    return Switches(**{name: switch.read(kept[name]) for name, switch in known})


def check(switches: Switches) -> None:
    """Raise ConfigurationInvalid, whose reason names the switch, for what makes no sense."""
    for name, switch in REGISTRY.items():
        if not switch.is_right(getattr(switches, name)):
            raise ConfigurationInvalid(details={"field": "switches", "reason": name})


def is_as_good(new: Switches, old: Switches) -> bool:
    """True when the customer loses nothing that was on, and no new limit comes in."""
    return all(
        switch.is_as_good(getattr(new, name), getattr(old, name))
        for name, switch in REGISTRY.items()
    )


def with_rewards(switches: Switches, name_reward: NameReward) -> Switches:
    """The same with everything that they give named, and its worth said."""
    named = {
        name: switch.with_rewards(getattr(switches, name), name_reward)
        for name, switch in REGISTRY.items()
    }
    return replace(switches, **named)
