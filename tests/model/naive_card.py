"""Units, bonuses and streaks of one card, for the naive model."""

from datetime import date, datetime, timedelta

from loyalty.base.values import BonusModel, Surplus
from tests.model import naive_days
from tests.model.history import BonusKey, Edition, Once, Sold, Tier
from tests.model.world import Bonus, Card


def units_of(sold: Sold, promise: Edition) -> dict[Tier, int]:
    """What the sale is worth under the promise that the card keeps.

    A scan is never worth less than the counter said when it was minted.
    """
    mine, code = units_by(sold, promise), units_by(sold, sold.edition)
    return {tier: max(units, code[tier]) for tier, units in mine.items()}


def units_by(sold: Sold, edition: Edition) -> dict[Tier, int]:
    """What the sale is worth under these numbers alone."""
    rules, times = edition.mechanic, times_of(sold, edition)
    match rules.bonus_model:
        case BonusModel.CUMULATIVE_SPEND:
            return {None: times * sold.amount}
        case BonusModel.AMOUNT_STEP:
            assert rules.step
            return {None: times * (sold.amount // rules.step)}
        case BonusModel.STAMP_COUNT if sold.lines:
            units: dict[Tier, int] = {}
            for tier, pieces in sold.lines:
                units[tier] = units.get(tier, 0) + times * pieces
            return units
        case _:
            return {None: times}


def times_of(sold: Sold, edition: Edition) -> int:
    """How often each unit counts, by the clock on the wall when the code was made."""
    rule = edition.switches.happy_hour
    if rule is None:
        return 1
    day, clock = naive_days.on_the_wall(sold.tapped_at, sold.zone)
    yesterday = (day + 6) % 7
    if rule.starts < rule.ends:
        is_on = day in rule.weekdays and rule.starts <= clock < rule.ends
    else:
        is_evening = day in rule.weekdays and clock >= rule.starts
        is_on = is_evening or (yesterday in rule.weekdays and clock < rule.ends)
    return rule.times if is_on else 1


def expire(card: Card, at: datetime) -> None:
    """What lay too long is over before anything new counts."""
    if card.units_end_at is None or at < card.units_end_at:
        return
    for tier, left in card.open.items():
        card.expired[tier] = card.expired.get(tier, 0) + left
        card.open[tier] = 0


def count(card: Card, tier: Tier, units: int, promise: Edition) -> int:
    """Add units, which pay a debt first; the number of cards that they fill."""
    threshold = promise.mechanic.threshold
    card.earned[tier] = card.earned.get(tier, 0) + units
    if card.debt.get(tier) and promise.mechanic.surplus is Surplus.FORFEIT:
        pay(card, tier, units, threshold)
        return 0
    left = card.open.get(tier, 0) - card.debt.get(tier, 0) + units
    full = 0
    while left >= threshold:
        left -= threshold
        card.consumed[tier] = card.consumed.get(tier, 0) + threshold
        full += 1
        if promise.mechanic.surplus is Surplus.FORFEIT:
            card.forfeited[tier] = card.forfeited.get(tier, 0) + left
            left = 0
    hold(card, tier, left)
    return full


def pay(card: Card, tier: Tier, units: int, threshold: int) -> None:
    """A card whose bonus is owed is filled like any other: what is over is forfeited."""
    to_pay = card.debt[tier]
    missing = to_pay
    while missing > threshold:
        missing -= threshold
    over = max(0, units - missing)
    card.forfeited[tier] = card.forfeited.get(tier, 0) + over
    hold(card, tier, units - over - to_pay)


def hold(card: Card, tier: Tier, left: int) -> None:
    """Open units, or a debt."""
    card.open[tier], card.debt[tier] = max(0, left), max(0, -left)


def streak(card: Card, sold: Sold, promise: Edition) -> bool:
    """Count the day; whether a multiple of the threshold was reached."""
    rule = promise.switches.streak
    if rule is None:
        return False
    before = card.streak_at
    if before is not None and sold.at <= before:
        # It came to light late.
        return False
    card.streak_at, card.streak_zone = sold.at, sold.zone
    if before is None:
        card.streak_days, card.streak_freezes = 1, 0
        return rule.threshold == 1
    last = naive_days.local(before, sold.zone)
    today = naive_days.local(sold.at, sold.zone)
    if today <= last:
        return False
    missed = windows_missed(last, today, rule.window)
    if card.streak_freezes + missed <= rule.freezes:
        card.streak_freezes += missed
        card.streak_days += 1
    else:
        card.streak_days, card.streak_freezes = 1, 0
    return card.streak_days % rule.threshold == 0


def streak_anew(card: Card) -> None:
    """A day that came to light late joins the streak where it belongs."""
    card.streak_days, card.streak_at, card.streak_freezes = 0, None, 0
    others = [each for each in card.bonuses if each.key.source != "streak"]
    had, card.bonuses = len(card.bonuses) - len(others), list(others)
    for sold, promise in sorted(card.sales, key=lambda sale: sale[0].at):
        if streak(card, sold, promise):
            raise_bonuses(card, [("streak", None, None)], sold, promise)
    more = max(0, len(card.bonuses) - len(others) - had)
    card.streaks_owed -= min(more, card.streaks_owed)


def windows_missed(last: date, today: date, window: int) -> int:
    """How many whole windows went by without a visit."""
    missed = 0
    reach = last + timedelta(days=window)
    while reach < today:
        missed += 1
        reach += timedelta(days=window)
    return missed


def raise_bonuses(
    card: Card, found: list[tuple[str, Tier, Once]], sold: Sold, promise: Edition
) -> None:
    """The bonuses lie on the card, until their time is over."""
    days = promise.switches.bonus_valid_days
    expires_at = naive_days.days_after(sold.at, days, sold.zone) if days else None
    for number, (source, tier, once) in enumerate(found):
        same = sum(each[0] == source for each in found[:number])
        key = BonusKey(sold.session, source, same)
        card.bonuses.append(Bonus(key, tier, "waiting", expires_at, once))
