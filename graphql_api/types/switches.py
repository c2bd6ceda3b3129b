"""What an owner switched on in a program, for anybody who explains to customers how it works."""

import strawberry

from graphql_api.scalars import UnitCount
from graphql_api.types.place import Weekday
from graphql_api.types.product import Product
from graphql_api.types.voucher import Gift, Voucher
from loyalty import switches as rules


@strawberry.type(description="A bonus for visits in a row.")
class StreakRule:
    """A streak."""

    window: int = strawberry.field(
        description="The days, in the location's time zone, within which the next visit has to"
        " follow."
    )
    threshold: int = strawberry.field(
        description="The visits in a row that bring a bonus, at each multiple of this number."
    )
    freezes: int = strawberry.field(
        description="How many missed windows are forgiven in each streak."
    )
    skips_closed_days: bool = strawberry.field(
        description="True when days on which the location is closed do not count."
    )
    gift: Gift = strawberry.field(description="What the bonus is.")


@strawberry.type(description="A bonus for a visit around the birthday that the customer told.")
class BirthdayRule:
    """A birthday."""

    days_before: int = strawberry.field(
        description="So many days before the birthday a visit counts already."
    )
    days_after: int = strawberry.field(
        description="So many days after the birthday a visit still counts."
    )
    min_past_bonuses: int = strawberry.field(
        description="The bonuses that the card must have earned before."
    )
    gift: Gift = strawberry.field(description="What the bonus is.")


@strawberry.type(description="Hours in which units count more than once.")
class HappyHour:
    """Happy hour."""

    weekdays: list[Weekday] = strawberry.field(
        description="The days on which it begins, from Monday on."
    )
    starts_at: str = strawberry.field(
        description="When it begins, by the location's own clock, such as 14:00."
    )
    ends_at: str = strawberry.field(
        description="The first minute at which it is over, such as 16:00, or 24:00; one that is not"
        " after the beginning is on the next day."
    )
    times: int = strawberry.field(
        description="How often each unit of a sale counts that is rung up within it: 2 or 3."
    )


@strawberry.type(description="What the owner switched on besides the units of a card.")
class ProgramSwitches:
    """The switches of the rules in force."""

    points_per_visit: int = strawberry.field(
        description="The activity points of each visit, besides those of the button."
    )
    streak: StreakRule | None = strawberry.field(
        description="The bonus for visits in a row; null when switched off."
    )
    birthday: BirthdayRule | None = strawberry.field(
        description="The birthday bonus; null when switched off."
    )
    welcome: Gift | None = strawberry.field(
        description="The bonus for a person's first visit at the business, when that is in this"
        " program; null when switched off."
    )
    units_expire_after_months: int | None = strawberry.field(
        description="The months after the last visit when open units are over; null for never."
    )
    bonus_valid_days: int | None = strawberry.field(
        description="The days for which a bonus can be used once earned; null for ever."
    )
    daily_cap: int | None = strawberry.field(
        description="The visits of a customer that count on one day of the location; null without"
        " a limit."
    )
    happy_hour: HappyHour | None = strawberry.field(
        description="The hours in which units count more than once; null when switched off."
    )


Products = dict[int, Product]


def switches(found: rules.Switches, products: Products) -> ProgramSwitches:
    """The switches of a version; `products` are those of its gifts."""
    return ProgramSwitches(
        points_per_visit=found.points,
        streak=_streak(found.streak, products) if found.streak else None,
        birthday=_birthday(found.birthday, products) if found.birthday else None,
        welcome=gift(found.welcome, products) if found.welcome else None,
        units_expire_after_months=found.units_expire_after,
        bonus_valid_days=found.bonus_valid_days,
        daily_cap=found.daily_cap,
        happy_hour=_happy_hour(found.happy_hour) if found.happy_hour else None,
    )


def gift(found: rules.Reward, products: Products) -> Gift:
    """A frozen gift."""
    voucher = None
    if found.is_voucher:
        amount = None if found.amount is None else UnitCount(found.amount)
        voucher = Voucher(percent=found.percent, amount=amount, text=found.text or None)
    product = products.get(found.product_id or 0)
    return Gift(title=found.title, product=product, voucher=voucher, valid_days=found.valid_days)


def _happy_hour(rule: rules.HappyHour) -> HappyHour:
    days = list(Weekday)
    return HappyHour(
        weekdays=[days[day] for day in sorted(rule.weekdays)],
        starts_at=rule.starts,
        ends_at=rule.ends,
        times=rule.times,
    )


def _streak(rule: rules.StreakRule, products: Products) -> StreakRule:
    return StreakRule(
        window=rule.window,
        threshold=rule.threshold,
        freezes=rule.freezes,
        skips_closed_days=rule.skips_closed_days,
        gift=gift(rule.gift, products),
    )


def _birthday(rule: rules.BirthdayRule, products: Products) -> BirthdayRule:
    return BirthdayRule(
        days_before=rule.days_before,
        days_after=rule.days_after,
        min_past_bonuses=rule.min_past_bonuses,
        gift=gift(rule.gift, products),
    )
