"""The numbers that make sense in an owner's switches (SPEC section 5)."""

from loyalty.errors import ConfigurationInvalid
from loyalty.switches import BirthdayRule, Gift, StreakRule, Switches

_YEAR = 366
_TEN_YEARS = 10 * _YEAR
_LARGEST = 2**53 - 1
_LONGEST_WORDS = 120


def check(switches: Switches) -> None:
    """Raise ConfigurationInvalid, whose reason names the switch, for what makes no sense."""
    if reason := _wrong(switches):
        raise ConfigurationInvalid(details={"field": "switches", "reason": reason})


def check_gift(gift: Gift) -> None:
    """Raise ConfigurationInvalid for a gift that is two things at once, or out of range."""
    if not _is_gift(gift):
        raise ConfigurationInvalid(details={"field": "gift", "reason": "gift"})


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
    days = 0 <= rule.days_before <= 30 and 0 <= rule.days_after <= 30  # noqa: PLR2004  SPEC section 5
    return days and 0 <= rule.min_past_bonuses <= 50 and _is_gift(rule.gift)  # noqa: PLR2004  the same


def _is_gift(gift: Gift) -> bool:
    said = (gift.product_id is not None, gift.percent is not None, gift.amount is not None)
    if sum((*said, bool(gift.text))) > 1:
        return False
    # The words are the bonus's title, too.
    words = not gift.text or (gift.text.strip() != "" and len(gift.text) <= _LONGEST_WORDS)
    values = _within(gift.percent, 100) and _within(gift.amount, _LARGEST)
    return words and values and _within(gift.valid_days, _TEN_YEARS)


def _within(number: int | None, most: int) -> bool:
    return number is None or 1 <= number <= most
