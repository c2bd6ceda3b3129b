"""The product's promises written a second time, as plainly as they can be.

Nothing is kept between steps: `told()` reads the whole history from its beginning. Speed and
elegance are of no concern here, being obviously right is. The specification's words on cards.
"""

from collections import Counter
from collections.abc import Sequence
from dataclasses import dataclass, field
from datetime import date, datetime, timedelta

from loyalty.values import BonusModel, Surplus
from tests.model import naive_days
from tests.model.history import (
    BonusKey,
    Edition,
    House,
    Published,
    Refunded,
    Sold,
    Step,
    Tier,
    Used,
    Voided,
)
from tests.model.naive_levels import Points, level_at


KNOWN_NEW = False
KNOWN_POINTS = False


@dataclass
class Bonus:
    """A reward on a card; `tier` of a level's is the level's threshold."""

    key: BonusKey
    tier: Tier
    status: str
    expires_at: datetime | None


@dataclass
class Card:
    """Everything that the product has to know of one customer in one program."""

    edition: Edition
    changes: int = 0
    visits: int = 0
    points: int = 0
    last_at: datetime | None = None
    last_zone: str = ""
    units_end_at: datetime | None = None
    open: dict[Tier, int] = field(default_factory=dict)
    earned: dict[Tier, int] = field(default_factory=dict)
    consumed: dict[Tier, int] = field(default_factory=dict)
    forfeited: dict[Tier, int] = field(default_factory=dict)
    expired: dict[Tier, int] = field(default_factory=dict)
    streak_days: int = 0
    streak_at: datetime | None = None
    streak_zone: str = ""
    streak_freezes: int = 0
    streaks_owed: int = 0
    bonuses: list[Bonus] = field(default_factory=list)
    debt: dict[Tier, int] = field(default_factory=dict)
    sales: list[tuple[Sold, Edition]] = field(default_factory=list)


@dataclass
class World:
    """All cards by customer and program, all points by customer, what was given once."""

    cards: dict[tuple[int, int], Card] = field(default_factory=dict)
    current: dict[int, Edition] = field(default_factory=dict)
    points: dict[int, list[Points]] = field(default_factory=dict)
    occasions: set[tuple[object, ...]] = field(default_factory=set)
    visitors: set[int] = field(default_factory=set)
    # A sale was taken back, or came to light late: which of some like bonuses is which, is open.
    is_vague: bool = False
    used: Counter[tuple[tuple[int, int], str, Tier]] = field(default_factory=Counter)


def told(history: Sequence[Step], house: House) -> World:
    """The world after all that happened; what was taken back is not told at all."""
    taken_back = {step.session for step in history if isinstance(step, Voided)}
    world = World(is_vague=bool(taken_back))
    for step in history:
        match step:
            case Published():
                _publish(world, step)
            case Sold():
                if step.session not in taken_back:
                    _sell(world, step, house)
            case Used() | Refunded():
                owner = (step.customer, step.program)
                world.used[owner, step.bonus.source, step.tier] += 1 if isinstance(step, Used) else -1
                if owner in world.cards:
                    world.cards[owner].changes += 1
                _mark(world, step)
    if world.is_vague:
        for owner, card in world.cards.items():
            _settle(world, owner, card)
    return world


def blank(edition: Edition) -> Card:
    """The card of somebody whose every sale was taken back."""
    return Card(edition)


def _settle(world: World, owner: tuple[int, int], card: Card) -> None:
    """Bonuses are used by number; one too many is owed, in units or as the next of its kind."""
    kinds = {(each.key.source, each.tier) for each in card.bonuses}
    kinds |= {(source, tier) for of, source, tier in world.used if of == owner}
    for source, tier in kinds:
        same = [each for each in card.bonuses if (each.key.source, each.tier) == (source, tier)]
        used = world.used[owner, source, tier]
        for number, each in enumerate(same):
            each.status = "used" if number < used else "waiting"
        for number in range(len(same), used):
            key = BonusKey(0, source, number)
            card.bonuses.append(Bonus(key, tier, "used", None))
            if source == "streak":
                card.streaks_owed += 1
            if source == "card":
                _owe(card, tier)


def _owe(card: Card, tier: Tier) -> None:
    owed = card.debt.get(tier, 0) + card.edition.mechanic.threshold - card.open.get(tier, 0)
    card.open[tier], card.debt[tier] = max(0, -owed), max(0, owed)


def is_better(new: Edition, old: Edition) -> bool:
    """Threshold, step and minimum are no higher, the switches are no worse, all else is equal."""
    one, two = new.mechanic, old.mechanic
    if one.threshold > two.threshold:
        return False
    if (one.step or 0) > (two.step or 0) or (one.minimum or 0) > (two.minimum or 0):
        return False
    if one.surplus != two.surplus or one.max_units_per_scan != two.max_units_per_scan:
        return False
    mine, theirs = new.switches, old.switches
    if mine.units_expire_after != theirs.units_expire_after:
        return False
    return mine.points >= theirs.points


def _publish(world: World, step: Published) -> None:
    world.current[step.program] = step.edition
    for (_, program), card in world.cards.items():
        if program == step.program and is_better(step.edition, card.edition):
            card.edition = step.edition
            card.changes += 1


def _mark(world: World, step: Used | Refunded) -> None:
    card = world.cards.get((step.customer, step.program))
    for each in card.bonuses if card else ():
        if each.key == step.bonus:
            each.status = "used" if isinstance(step, Used) else "waiting"


def _sell(world: World, sold: Sold, house: House) -> None:
    card = world.cards.get((sold.customer, sold.program))
    if card is None:
        card = Card(sold.edition)
        newest = world.current[sold.program]
        if KNOWN_NEW and is_better(newest, card.edition):
            card.edition = newest
        world.cards[sold.customer, sold.program] = card
    promise = card.edition
    past_bonuses = len(card.bonuses)
    _expire(card, sold.at)
    found: list[tuple[str, Tier]] = []
    for tier, units in units_of(sold, promise).items():
        found += [("card", tier)] * _count(card, tier, units, promise)
    if found:
        card.edition = world.current[sold.program]
    card.sales.append((sold, promise))
    is_late = card.last_at is not None and sold.at < card.last_at
    if is_late and promise.switches.streak:
        _streak_anew(card)
        world.is_vague = True
    elif _streak(card, sold, promise):
        found.append(("streak", None))
    if promise.switches.welcome and sold.customer not in world.visitors:
        found.append(("welcome", None))
    if _has_birthday(world, sold, promise, house, past_bonuses):
        found.append(("birthday", None))
    found += [("level", rung) for rung in _climb(world, card, sold, promise, house)]
    world.visitors.add(sold.customer)
    _raise(card, found, sold, promise)
    card.visits += 1
    card.changes += 1
    if card.last_at is None or sold.at >= card.last_at:
        card.last_at, card.last_zone = sold.at, sold.zone
    months = promise.switches.units_expire_after
    if months:
        card.units_end_at = naive_days.months_after(card.last_at, months, card.last_zone)


def units_of(sold: Sold, promise: Edition) -> dict[Tier, int]:
    """What the sale is worth under the promise that the card keeps."""
    rules = promise.mechanic
    match rules.bonus_model:
        case BonusModel.CUMULATIVE_SPEND:
            return {None: sold.amount}
        case BonusModel.AMOUNT_STEP:
            assert rules.step
            mine = sold.amount // rules.step
            # A scan is never worth less than the counter said when it was minted.
            assert sold.edition.mechanic.step
            return {None: max(mine, sold.amount // sold.edition.mechanic.step)}
        case BonusModel.STAMP_COUNT if sold.lines:
            units: dict[Tier, int] = {}
            for tier, pieces in sold.lines:
                units[tier] = units.get(tier, 0) + pieces
            return units
        case _:
            return {None: 1}


def _expire(card: Card, at: datetime) -> None:
    if card.units_end_at is None or at < card.units_end_at:
        return
    for tier, left in card.open.items():
        card.expired[tier] = card.expired.get(tier, 0) + left
        card.open[tier] = 0


def _count(card: Card, tier: Tier, units: int, promise: Edition) -> int:
    threshold = promise.mechanic.threshold
    card.earned[tier] = card.earned.get(tier, 0) + units
    card.open[tier] = card.open.get(tier, 0) + units
    full = 0
    while card.open[tier] >= threshold:
        card.open[tier] -= threshold
        card.consumed[tier] = card.consumed.get(tier, 0) + threshold
        full += 1
        if promise.mechanic.surplus is Surplus.FORFEIT:
            card.forfeited[tier] = card.forfeited.get(tier, 0) + card.open[tier]
            card.open[tier] = 0
    return full


def _streak(card: Card, sold: Sold, promise: Edition) -> bool:
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


def _streak_anew(card: Card) -> None:
    """A day that came to light late joins the streak where it belongs."""
    card.streak_days, card.streak_at, card.streak_freezes = 0, None, 0
    card.bonuses = [each for each in card.bonuses if each.key.source != "streak"]
    for sold, promise in sorted(card.sales, key=lambda sale: sale[0].at):
        if _streak(card, sold, promise):
            _raise(card, [("streak", None)], sold, promise)


def windows_missed(last: date, today: date, window: int) -> int:
    """How many whole windows went by without a visit."""
    missed = 0
    reach = last + timedelta(days=window)
    while reach < today:
        missed += 1
        reach += timedelta(days=window)
    return missed


def _has_birthday(
    world: World, sold: Sold, promise: Edition, house: House, past_bonuses: int
) -> bool:
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


def _climb(world: World, card: Card, sold: Sold, promise: Edition, house: House) -> list[int]:
    """The thresholds of the levels newly reached that give something."""
    before = world.points.setdefault(sold.customer, [])
    level = level_at(before, house, sold.at)
    # What is given comes with the standing of the latest visit, if this one came to light late.
    latest = max([sold.at, *(each.at for each in before)])
    held = level_at(before, house, latest)
    points = (promise if KNOWN_POINTS else sold.edition).switches.points
    if level:
        points = points * house.rungs[level - 1].percent // 100
    before.append(Points(sold.at, points))
    card.points += points
    risen = level_at(before, house, latest)
    return [rung.threshold for rung in house.rungs[held:risen] if rung.has_gift]


def _raise(card: Card, found: list[tuple[str, Tier]], sold: Sold, promise: Edition) -> None:
    days = promise.switches.bonus_valid_days
    expires_at = naive_days.days_after(sold.at, days, sold.zone) if days else None
    for number, (source, tier) in enumerate(found):
        same = sum(each[0] == source for each in found[:number])
        key = BonusKey(sold.session, source, same)
        card.bonuses.append(Bonus(key, tier, "waiting", expires_at))
