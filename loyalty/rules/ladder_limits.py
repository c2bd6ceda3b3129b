"""The levels that make sense, and where people stand after a change (SPEC section 5)."""

from collections.abc import Sequence
from dataclasses import dataclass

from loyalty.errors import ConfigurationInvalid
from loyalty.rules.switch_limits import check_gift
from loyalty.switches import Gift

MOST_LEVELS = 20
_LONGEST_NAME, _LONGEST_BENEFIT, _LONGEST_GIFT = 60, 300, 120
_MOST_POINTS = 1_000_000_000
_TEN_YEARS = 3_660


@dataclass(frozen=True, slots=True)
class NewLevel:
    """A level as an owner wants it; `id` is the one that it was, None for a new one."""

    name: str
    threshold: int
    percent: int = 100
    benefit: str = ""
    gift: Gift | None = None
    id: int | None = None


@dataclass(frozen=True, slots=True)
class NewLadder:
    """All levels, the lowest first, and how points count: numbers of days, and of rises."""

    levels: tuple[NewLevel, ...] = ()
    period_days: int = 365
    grace_days: int = 30
    most_rises: int | None = None
    rises_within_days: int = 30


def check(ladder: NewLadder) -> None:
    """Raise ConfigurationInvalid, whose reason names the number, for what makes no sense."""
    numbers = {
        "levels": len(ladder.levels) <= MOST_LEVELS,
        "period_days": 1 <= ladder.period_days <= _TEN_YEARS,
        "grace_days": 0 <= ladder.grace_days <= _TEN_YEARS,
        "most_rises": ladder.most_rises is None or 1 <= ladder.most_rises <= MOST_LEVELS,
        "rises_within_days": 1 <= ladder.rises_within_days <= _TEN_YEARS,
    }
    _refuse_first_wrong(numbers)
    for level in ladder.levels:
        _check_level(level)
    names = {level.name.strip().casefold() for level in ladder.levels}
    thresholds = [level.threshold for level in ladder.levels]
    _refuse_first_wrong(
        {
            "name": len(names) == len(ladder.levels),
            "threshold": all(low < high for low, high in zip(thresholds, thresholds[1:])),  # noqa: B905, RUF007  each and the next
        }
    )


def moved(old: Sequence[int], new: Sequence[int | None]) -> tuple[int, ...]:
    """The new rung of whoever stood on each old one, from 0 (none yet) on.

    `old` and `new` are ids, the lowest first; None is a new level. A level is kept by its holders;
    those of a level that goes fall to the next lower one that stays, so that nobody is lifted by
    it. Raises ConfigurationInvalid when levels changed places.
    """
    places = {level: rung for rung, level in enumerate(new, start=1) if level is not None}
    kept = [places[level] for level in old if level in places]
    _refuse_first_wrong(
        {
            "order": kept == sorted(kept),
            "twice": len(places) == sum(level is not None for level in new),
            "unknown": places.keys() <= set(old),
        }
    )
    found = [0]
    for level in old:
        found.append(places.get(level, found[-1]))
    return tuple(found)


def _check_level(level: NewLevel) -> None:
    name = level.name.strip()
    _refuse_first_wrong(
        {
            "name": 0 < len(name) <= _LONGEST_NAME and name.isprintable(),
            "threshold": 1 <= level.threshold <= _MOST_POINTS,
            "percent": 100 <= level.percent <= 1_000,  # noqa: PLR2004  a level never takes points away
            "benefit": len(level.benefit.strip()) <= _LONGEST_BENEFIT,
            # There is no program whose usual gift could be meant.
            "gift": level.gift is None or level.gift.is_voucher or bool(level.gift.product_id),
        }
    )
    if level.gift is not None:
        check_gift(level.gift)
        _refuse_first_wrong({"gift": len(level.gift.text) <= _LONGEST_GIFT})


def _refuse_first_wrong(checks: dict[str, bool]) -> None:
    for reason, is_right in checks.items():
        if not is_right:
            raise ConfigurationInvalid(details={"field": "levels", "reason": reason})
