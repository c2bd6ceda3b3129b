"""What an owner may switch on in a program, frozen with its version (SPEC sections 3, 5 and 6)."""

from collections.abc import Mapping
from dataclasses import asdict, dataclass
from functools import lru_cache
from json import loads
from typing import Any


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


@dataclass(frozen=True, slots=True)
class BirthdayRule:
    """A bonus for a visit within so many days of the birthday."""

    days_before: int = 7
    days_after: int = 7
    min_past_bonuses: int = 1
    gift: Reward = Reward()


@dataclass(frozen=True, slots=True)
class Switches:
    """All are off by default.

    `points` come with each visit besides those of its preset; `welcome` at a person's first
    collect; `card` replaces the product that a full card gives. Units expire so many months after
    the last visit, bonuses so many days after they were earned. `daily_cap` counts a customer's
    visits in the program on one day of the location.
    """

    points: int = 0
    card: Reward | None = None
    streak: StreakRule | None = None
    birthday: BirthdayRule | None = None
    welcome: Reward | None = None
    units_expire_after: int | None = None
    bonus_valid_days: int | None = None
    daily_cap: int | None = None


NONE = Switches()


def stored(switches: Switches) -> dict[str, Any]:
    """As a version's row keeps them: what is off is left out."""
    return {name: value for name, value in asdict(switches).items() if value not in (None, 0)}


@lru_cache(maxsize=1_000)
def from_text(text: str) -> Switches:
    """The switches of a row's JSON text; versions never change, so that each is read once."""
    return from_stored(loads(text))


def from_stored(kept: Mapping[str, Any]) -> Switches:
    """The switches of a row."""
    return Switches(
        **{
            **kept,
            "card": _gift(kept.get("card")),
            "welcome": _gift(kept.get("welcome")),
            "streak": _with_gift(StreakRule, kept.get("streak")),
            "birthday": _with_gift(BirthdayRule, kept.get("birthday")),
        }
    )


def _gift(kept: Mapping[str, Any] | None) -> Reward | None:
    return Reward(**kept) if kept else None


def _with_gift(kind: type[Any], kept: Mapping[str, Any] | None) -> Any:
    return kind(**{**kept, "gift": Reward(**kept["gift"])}) if kept else None
