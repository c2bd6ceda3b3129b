"""The levels that make sense, and where people stand after a change (docs/rules.md#levels)."""

from collections.abc import Sequence
from dataclasses import dataclass

from loyalty.base.errors import ConfigurationInvalid
from loyalty.base.one_line import why_not_one_line
from loyalty.switches import Reward, wrong_part

MOST_LEVELS = 20
_LONGEST_NAME, _LONGEST_BENEFIT = 60, 300
_MOST_POINTS = 1_000_000_000
_TEN_YEARS = 3_660


@dataclass(frozen=True, slots=True)
class NewLevel:
    """A level as an owner wants it; `id` is the one that it was, None for a new one."""

    name: str
    threshold: int
    percent: int = 100
    benefit: str = ""
    gift: Reward | None = None
    id: int | None = None


@dataclass(frozen=True, slots=True)
class NewLevelTable:
    """All levels, the lowest first, and how points count: numbers of days, and of rises."""

    levels: tuple[NewLevel, ...] = ()
    period_days: int = 365
    grace_days: int = 30
    most_rises: int | None = None
    rises_within_days: int = 30


def check(level_table: NewLevelTable) -> None:
    """Raise ConfigurationInvalid, which names the number and the level, for what makes no sense."""
    numbers = {
        "period_days": 1 <= level_table.period_days <= _TEN_YEARS,
        "grace_days": 0 <= level_table.grace_days <= _TEN_YEARS,
        "most_rises": level_table.most_rises is None or 1 <= level_table.most_rises <= MOST_LEVELS,
        "rises_within_days": 1 <= level_table.rises_within_days <= _TEN_YEARS,
    }
    _refuse_first_wrong(
        {("levels", "too_many"): len(level_table.levels) <= MOST_LEVELS}
        | {(field, "range"): is_right for field, is_right in numbers.items()}
    )
    names: set[str] = set()
    least = 0
    for number, level in enumerate(level_table.levels):
        _check_level(f"levels[{number}]", level)
        name = level.name.strip().casefold()
        _refuse_first_wrong(
            {
                (f"levels[{number}].name", "twice"): name not in names,
                (f"levels[{number}].threshold", "order"): level.threshold > least,
            }
        )
        names.add(name)
        least = level.threshold


def moved(old: Sequence[int], new: Sequence[int | None]) -> tuple[int, ...]:
    """The new index of each old level's holders, from 0 (none yet) on.

    `old` and `new` are ids, the lowest first; None is a new level. A level is kept by its holders;
    those of a level that goes fall to the next lower one that stays, so that nobody is lifted by
    it. Raises ConfigurationInvalid, which names the level, when levels changed places.
    """
    places = {
        level: level_index for level_index, level in enumerate(new, start=1) if level is not None
    }
    _check_places(old, new)
    found = [0]
    for level in old:
        found.append(places.get(level, found[-1]))
    return tuple(found)


def _check_places(old: Sequence[int], new: Sequence[int | None]) -> None:
    highest = -1
    for number, level in enumerate(new):
        if level is None:
            continue
        _refuse_first_wrong(
            {
                (f"levels[{number}].id", "unknown"): level in old,
                (f"levels[{number}]", "twice"): level not in new[:number],
            }
        )
        _refuse_first_wrong({(f"levels[{number}]", "order"): old.index(level) > highest})
        highest = old.index(level)


def _check_level(field: str, level: NewLevel) -> None:
    name, benefit = level.name.strip(), level.benefit.strip()
    _refuse_first_wrong(
        {
            (f"{field}.name", said): why_not_one_line(name, longest=_LONGEST_NAME) != said
            for said in ("length", "characters")
        }
        | {
            (f"{field}.threshold", "range"): 1 <= level.threshold <= _MOST_POINTS,
            (f"{field}.percent", "range"): 100 <= level.percent <= 1_000,  # noqa: PLR2004  a level never takes points away
        }
        | {
            (f"{field}.benefit", said): why_not_one_line(benefit, longest=_LONGEST_BENEFIT) != said
            for said in ("length", "characters")
            if benefit
        }
    )
    if level.gift is not None:
        _check_gift(f"{field}.gift", level.gift)


def _check_gift(field: str, gift: Reward) -> None:
    if part := wrong_part(gift):
        name, reason = part
        field = f"{field}.{name}" if name else field
        raise ConfigurationInvalid(details={"field": field, "reason": reason})
    # There is no program whose usual gift could be meant.
    _refuse_first_wrong({(field, "exactly_one"): gift.is_voucher or bool(gift.product_id)})


def _refuse_first_wrong(checks: dict[tuple[str, str], bool]) -> None:
    for (field, reason), is_right in checks.items():
        if not is_right:
            raise ConfigurationInvalid(details={"field": field, "reason": reason})
