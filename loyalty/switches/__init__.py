"""What an owner may switch on in a program, frozen with its version."""

from loyalty.switches.switches import BirthdayRule, Reward, StreakRule, Switches

__all__ = [
    "BirthdayRule",
    "Reward",
    "StreakRule",
    "Switches",
]
