"""The numbers that make sense in an owner's switches (docs/rules.md#a-collect-step-by-step)."""

from loyalty.base.errors import ConfigurationInvalid
from loyalty.base.one_line import why_not_one_line
from loyalty.switches.switches import BirthdayRule, Reward, StreakRule, Switches

_YEAR = 366
_TEN_YEARS = 10 * _YEAR
_LARGEST = 2**53 - 1
_LONGEST_WORDS = 120


def check(switches: Switches) -> None:
    """Raise ConfigurationInvalid, whose reason names the switch, for what makes no sense."""
    if reason := _wrong(switches):
        raise ConfigurationInvalid(details={"field": "switches", "reason": reason})


def wrong_part(gift: Reward) -> tuple[str, str] | None:
    """The field that makes no sense, and why; no field where it is two things at once."""
    said = (gift.product_id is not None, gift.percent is not None, gift.amount is not None)
    checks = {
        ("", "exactly_one"): sum((*said, bool(gift.text))) <= 1,
        ("percent", "range"): _within(gift.percent, 100),
        ("amount", "range"): _within(gift.amount, _LARGEST),
        # The words are the bonus's title, too.
        ("text", "length"): _why_not(gift.text) != "length",
        ("text", "characters"): _why_not(gift.text) != "characters",
        ("valid_days", "range"): _within(gift.valid_days, _TEN_YEARS),
    }
    return next((part for part, is_right in checks.items() if not is_right), None)


def _wrong(switches: Switches) -> str | None:
    checks = {
        "points": 0 <= switches.points <= 1_000_000,  # noqa: PLR2004  a typing mistake beyond it
        "card": switches.card is None or _is_gift(switches.card),
        "welcome": switches.welcome is None or _is_gift(switches.welcome),
        "streak": switches.streak is None or _is_streak(switches.streak),
        "birthday": switches.birthday is None or _is_birthday(switches.birthday),
        "units_expire_after": _within(switches.units_expire_after, 120),
        "bonus_valid_days": _within(switches.bonus_valid_days, _TEN_YEARS),
        "daily_cap": _within(switches.daily_cap, 1_000),
    }
    return next((name for name, is_right in checks.items() if not is_right), None)


def _is_streak(rule: StreakRule) -> bool:
    numbers = (
        1 <= rule.window <= _YEAR and 1 <= rule.threshold <= 1_000 and 0 <= rule.freezes <= 30  # noqa: PLR2004  more is a typing mistake
    )
    return numbers and _is_gift(rule.gift)


def _is_birthday(rule: BirthdayRule) -> bool:
    days = 0 <= rule.days_before <= 30 and 0 <= rule.days_after <= 30  # noqa: PLR2004  docs/rules.md#a-collect-step-by-step
    return days and 0 <= rule.min_past_bonuses <= 50 and _is_gift(rule.gift)  # noqa: PLR2004  the same


def _is_gift(gift: Reward) -> bool:
    return wrong_part(gift) is None


def _why_not(words: str) -> str | None:
    return why_not_one_line(words.strip(), longest=_LONGEST_WORDS) if words else None


def _within(number: int | None, most: int) -> bool:
    return number is None or 1 <= number <= most
