"""The product's promises written a second time, as plainly as they can be.

Nothing is kept between steps: `told()` reads the whole history from its beginning. Speed and
elegance are of no concern here, being obviously right is.
"""

from collections.abc import Sequence

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
from tests.model.naive_card import count, expire, raise_bonuses, streak, streak_anew, units_of
from tests.model.naive_presents import climb, has_birthday
from tests.model.world import Bonus, Card, World


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
                more = 1 if isinstance(step, Used) else -1
                world.used[owner, step.bonus.source, step.tier] += more
                if owner in world.cards:
                    world.cards[owner].changes += 1
                _mark(world, step)
    if world.is_vague:
        for owner, card in world.cards.items():
            _settle(world, owner, card)
    return world


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


def _card(world: World, sold: Sold) -> Card:
    card = world.cards.get((sold.customer, sold.program))
    if card is None:
        card = Card(sold.edition)
        newest = world.current[sold.program]
        if is_better(newest, card.edition):
            card.edition = newest
        world.cards[sold.customer, sold.program] = card
    return card


def _sell(world: World, sold: Sold, house: House) -> None:
    card = _card(world, sold)
    promise = card.edition
    past_bonuses = len(card.bonuses)
    expire(card, sold.at)
    found: list[tuple[str, Tier]] = []
    for tier, units in units_of(sold, promise).items():
        found += [("card", tier)] * count(card, tier, units, promise)
    if found:
        card.edition = world.current[sold.program]
    card.sales.append((sold, promise))
    is_late = card.last_at is not None and sold.at < card.last_at
    if is_late and promise.switches.streak:
        streak_anew(card)
        world.is_vague = True
    elif streak(card, sold, promise):
        found.append(("streak", None))
    if promise.switches.welcome and sold.customer not in world.visitors:
        found.append(("welcome", None))
    if has_birthday(world, sold, promise, house, past_bonuses):
        found.append(("birthday", None))
    found += [("level", rung) for rung in climb(world, card, sold, promise, house)]
    world.visitors.add(sold.customer)
    raise_bonuses(card, found, sold, promise)
    card.visits += 1
    card.changes += 1
    if card.last_at is None or sold.at >= card.last_at:
        card.last_at, card.last_zone = sold.at, sold.zone
    months = promise.switches.units_expire_after
    if months:
        card.units_end_at = naive_days.months_after(card.last_at, months, card.last_zone)
