"""What a bonus is: a product, or a voucher."""

from collections.abc import Mapping
from dataclasses import dataclass, replace
from typing import Any

from loyalty.base.one_line import why_not_one_line

TEN_YEARS = 3_660
_LARGEST = 2**53 - 1
_LONGEST_WORDS = 120


@dataclass(frozen=True, slots=True)
class Reward:
    """What a bonus is: a product, or a voucher (one of percent, minor units, words).

    With none of them the program's own rule decides: its fixed product, or the cheapest product
    of its lowest tier. `title` and `worth` (minor units) are set when the version is frozen.
    """

    product_id: int | None = None
    percent: int | None = None
    amount: int | None = None
    text: str = ""
    valid_days: int | None = None
    title: str = ""
    worth: int = 0

    @property
    def is_voucher(self) -> bool:
        """True for a value rather than a product."""
        return self.percent is not None or self.amount is not None or bool(self.text)

    @property
    def bare(self) -> "Reward":
        """Without name and price: the same product under another name is the same reward."""
        return replace(self, title="", worth=0)


_FIELDS = tuple(Reward.__dataclass_fields__)


def read_reward(kept: Mapping[str, Any] | None) -> Reward | None:
    """The reward of a row's JSON; None where there is none."""
    if not kept:
        return None
    return Reward(**{name: kept[name] for name in _FIELDS if name in kept})


def wrong_part(reward: Reward) -> tuple[str, str] | None:
    """The field that makes no sense, and why; no field where it is two things at once."""
    said = (reward.product_id is not None, reward.percent is not None, reward.amount is not None)
    checks = {
        ("", "exactly_one"): sum((*said, bool(reward.text))) <= 1,
        ("percent", "range"): _within(reward.percent, 100),
        ("amount", "range"): _within(reward.amount, _LARGEST),
        # The words are the bonus's title, too.
        ("text", "length"): _why_not(reward.text) != "length",
        ("text", "characters"): _why_not(reward.text) != "characters",
        ("valid_days", "range"): _within(reward.valid_days, TEN_YEARS),
    }
    return next((part for part, is_right in checks.items() if not is_right), None)


def is_right(reward: Reward | None) -> bool:
    """True where all parts make sense, and for none at all."""
    return reward is None or wrong_part(reward) is None


def is_same_reward(new: Reward | None, old: Reward | None) -> bool:
    """True where both are the same thing, whatever it is called and costs now."""
    return (new and new.bare) == (old and old.bare)


def _why_not(words: str) -> str | None:
    return why_not_one_line(words.strip(), longest=_LONGEST_WORDS) if words else None


def _within(number: int | None, most: int) -> bool:
    return number is None or 1 <= number <= most
