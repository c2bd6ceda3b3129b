"""What a sale gives besides the units of its card, for the naive model."""

from datetime import datetime

from tests.model import naive_days
from tests.model.history import Edition, House, Once, Reviewed, Sold, Tier
from tests.model.naive_levels import Points, Standing, level_at
from tests.model.world import Card, World

Found = tuple[str, Tier, Once]


def once(world: World, source: str, tier: Tier, what: Once) -> list[Found]:
    """This present, if it was not given before."""
    if what in world.had:
        return []
    world.had.add(what)
    return [(source, tier, what)]


def welcome(world: World, sold: Sold, promise: Edition) -> list[Found]:
    """At the first sale of all."""
    if promise.switches.welcome is None or sold.customer in world.visitors:
        return []
    return once(world, "welcome", None, ("welcome", sold.customer))


def birthday(world: World, sold: Sold, promise: Edition, past_bonuses: int) -> list[Found]:
    """At the first sale that is near enough to the birthday on file, on the day of the scan."""
    rule, born = promise.switches.birthday, world.birthdays.get(sold.customer)
    if rule is None or born is None or past_bonuses < rule.min_past_bonuses:
        return []
    if born.counts_from is not None and sold.at < born.counts_from:
        return []
    today = naive_days.local(sold.at, sold.zone)
    year = born.near(today, before=rule.days_before, after=rule.days_after)
    if year is None:
        return []
    return once(world, "birthday", None, ("birthday", sold.customer, sold.program, year))


def climb(world: World, card: Card, sold: Sold, promise: Edition, house: House) -> list[Found]:
    """The points, and the gifts of the levels newly reached, by their thresholds."""
    before = world.points.setdefault(sold.customer, [])
    mine = world.standing.setdefault(sold.customer, Standing())
    level = min(mine.level, level_at(before, house, sold.at))
    # What is given comes with the standing of the latest visit, if this one came to light late.
    latest = max([sold.at, *(each.at for each in before)])
    held = min(mine.level, level_at(before, house, latest))
    points = promise.switches.points
    if level:
        points = points * house.rungs[level - 1].percent // 100
    before.append(Points(sold.at, points))
    card.points += points
    risen = level_at(before, house, latest)
    if risen <= held:
        mine.level = held
        return []
    mine.is_held = mine.is_too_fast(house, sold.at)
    if mine.is_held:
        mine.level = held
        return []
    mine.level = risen
    mine.rises.append(sold.at)
    return _gifts(world, sold.customer, house, (held, risen), _year(sold.at, sold.zone))


def approve(world: World, step: Reviewed, house: House) -> tuple[bool, list[Found]]:
    """A held level counts from now on: whether that is a rise, and the gifts."""
    given = world.points.get(step.customer, [])
    mine = world.standing.setdefault(step.customer, Standing())
    worth = level_at(given, house, step.at)
    held = min(mine.level, worth)
    mine.level, mine.trusted_at, mine.is_held = worth, step.at, False
    if worth <= held:
        return False, []
    mine.rises.append(step.at)
    year = _year(step.at, world.latest[step.customer].zone)
    return True, _gifts(world, step.customer, house, (held, worth), year)


def _gifts(
    world: World, customer: int, house: House, levels: tuple[int, int], year: int
) -> list[Found]:
    found: list[Found] = []
    for rung in house.rungs[slice(*levels)]:
        if rung.has_gift:
            found += once(world, "level", rung.threshold, ("level", customer, rung.threshold, year))
    return found


def _year(at: datetime, zone: str) -> int:
    return naive_days.local(at, zone).year
