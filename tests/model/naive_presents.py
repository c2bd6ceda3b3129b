"""What a sale gives besides the units of its card, for the naive model."""

from datetime import timedelta

from tests.model import naive_days
from tests.model.history import Edition, House, Sold
from tests.model.naive_levels import Points, level_at
from tests.model.world import Card, World


def has_birthday(
    world: World, sold: Sold, promise: Edition, house: House, past_bonuses: int
) -> bool:
    """Whether this sale is the first one near enough to a birthday."""
    rule = promise.switches.birthday
    born = house.birthdays.get(sold.customer)
    if rule is None or born is None or past_bonuses < rule.min_past_bonuses:
        return False
    today = naive_days.local(sold.at, sold.zone)
    for year in range(today.year - 1, today.year + 2):
        feast = naive_days.feast(year, *born)
        first = feast - timedelta(days=rule.days_before)
        last = feast + timedelta(days=rule.days_after)
        occasion = (sold.customer, sold.program, year)
        if first <= today <= last and occasion not in world.occasions:
            world.occasions.add(occasion)
            return True
    return False


def climb(world: World, card: Card, sold: Sold, promise: Edition, house: House) -> list[int]:
    """The thresholds of the levels newly reached that give something."""
    before = world.points.setdefault(sold.customer, [])
    level = level_at(before, house, sold.at)
    # What is given comes with the standing of the latest visit, if this one came to light late.
    latest = max([sold.at, *(each.at for each in before)])
    held = level_at(before, house, latest)
    points = promise.switches.points
    if level:
        points = points * house.rungs[level - 1].percent // 100
    before.append(Points(sold.at, points))
    card.points += points
    risen = level_at(before, house, latest)
    year = naive_days.local(sold.at, sold.zone).year
    news = []
    for rung in house.rungs[held:risen]:
        once = (sold.customer, rung.threshold, year)
        if rung.has_gift and once not in world.level_gifts:
            world.level_gifts.add(once)
            news.append(rung.threshold)
    return news
