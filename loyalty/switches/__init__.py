"""What an owner may switch on in a program, frozen with its version: a file for each."""

from loyalty.switches.birthday import BirthdayRule
from loyalty.switches.happy_hour import HappyHour
from loyalty.switches.reward import Reward, wrong_part
from loyalty.switches.streak import StreakRule
from loyalty.switches.switches import (
    NONE,
    REGISTRY,
    Switches,
    check,
    from_stored,
    from_text,
    is_as_good,
    stored,
    with_rewards,
)

__all__ = [
    "NONE",
    "REGISTRY",
    "BirthdayRule",
    "HappyHour",
    "Reward",
    "StreakRule",
    "Switches",
    "check",
    "from_stored",
    "from_text",
    "is_as_good",
    "stored",
    "with_rewards",
    "wrong_part",
]
