"""The product's promises written a second time, as plainly as they can be.

Nothing is kept between steps: `told()` reads the whole history from its beginning. Speed and
elegance are of no concern here, being obviously right is.
"""

from collections.abc import Collection, Sequence

from tests.model import naive_days
from tests.model.history import (
    BirthdaySet,
    BonusKey,
    Edition,
    House,
    Published,
    Refunded,
    Reviewed,
    Sold,
    Step,
    Swept,
    Used,
    Voided,
)
from tests.model.naive_birthday import Birthday
from tests.model.naive_card import count, expire, raise_bonuses, streak, streak_anew, units_of
from tests.model.naive_debts import Debts, owe, owed, settle
from tests.model.naive_levels import Standing
from tests.model.naive_presents import Found, approve, birthday, climb, welcome
from tests.model.world import Bonus, Card, World


def told(history: Sequence[Step], house: House) -> World:
    """The world after all that happened.

    What was taken back is not told at all; but a bonus that was used and would not have been
    earned without it is owed, from the moment on at which it was taken back. One that was put back
    later on is not owed, and never was.
    """
    taken_back: set[int] = set()
    debts = Debts()
    for number, step in enumerate(history):
        if isinstance(step, Voided):
            taken_back.add(step.session)
            debts.left[number] = owed(_play(history[:number], taken_back, debts, house))
        if isinstance(step, Refunded) and debts.lift(step):
            # What was used and rested on it is owed instead.
            debts.left[number] = owed(_play(history[: number + 1], taken_back, debts, house))
    world = _play(history, taken_back, debts, house)
    if world.is_vague:
        for owner, card in world.cards.items():
            settle(world, owner, card)
    return world


def _play(
    history: Sequence[Step],
    taken_back: Collection[int],
    debts: Debts,
    house: House,
) -> World:
    """All steps but the sales that were taken back."""
    world = World(is_vague=bool(taken_back))
    # What was given once and used is not given again.
    world.had |= debts.presents()
    for number, step in enumerate(history):
        match step:
            case Published():
                _publish(world, step)
            case Sold() if step.session not in taken_back:
                _sell(world, step, house)
            case Used():
                _mark(world, step)
            case Refunded():
                _mark(world, step)
                owe(world, debts.left.get(number, ()), step)
            case Voided():
                owe(world, debts.left.get(number, ()), step)
            case Swept():
                _sweep(world, step)
            case Reviewed():
                _review(world, step, house, number)
            case BirthdaySet():
                was = world.birthdays.get(step.customer, Birthday())
                world.birthdays[step.customer] = was.becomes(step.day, step.at)
    return world


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
    limits = ("units_expire_after", "daily_cap", "bonus_valid_days")
    if any(getattr(mine, name) != getattr(theirs, name) for name in limits):
        return False
    gifts = ("happy_hour", "welcome", "streak", "birthday")
    lost = (name for name in gifts if getattr(theirs, name) not in {None, getattr(mine, name)})
    return mine.points >= theirs.points and not any(lost)


def _publish(world: World, step: Published) -> None:
    world.current[step.program] = step.edition
    for (_, program), card in world.cards.items():
        if program == step.program and is_better(step.edition, card.edition):
            card.edition = step.edition
            card.changes += 1


def _mark(world: World, step: Used | Refunded) -> None:
    owner = (step.customer, step.program)
    more = 1 if isinstance(step, Used) else -1
    world.used[owner, (step.bonus.source, step.tier, step.once)] += more
    card = world.cards.get(owner)
    if card is None:
        return
    card.changes += 1
    for each in card.bonuses:
        if each.key == step.bonus:
            each.status = "used" if isinstance(step, Used) else "waiting"


def _sweep(world: World, step: Swept) -> None:
    """The daily round: units, unless a scan in time still waits for its customer; bonuses."""
    for owner, card in world.cards.items():
        end = card.units_end_at
        awaited = any(
            (each.customer, each.program) == owner
            and end
            and each.at < end
            and step.at < each.until
            for each in step.waiting
        )
        has_lost = False
        if end is not None and step.at >= end and not awaited:
            has_lost = any(card.open.values())
            expire(card, step.at)
            card.units_end_at = None
        for each in card.bonuses:
            is_over = each.expires_at is not None and each.expires_at <= step.at
            if each.status == "waiting" and is_over and each.key not in step.held:
                each.status, has_lost = "expired", True
        card.changes += has_lost


def _review(world: World, step: Reviewed, house: House, number: int) -> None:
    if not step.is_approved:
        world.standing.setdefault(step.customer, Standing()).is_held = False
        return
    is_risen, found = approve(world, step, house)
    card = world.cards.get((step.customer, step.program))
    if card is None or not is_risen:
        return
    card.changes += 1
    days = card.edition.switches.bonus_valid_days
    zone = world.latest[step.customer].zone
    expires_at = naive_days.days_after(step.at, days, zone) if days else None
    for source, tier, once in found:
        # No sale's; by the step, so that each has a name of its own.
        key = BonusKey(-number, source, tier or 0)
        card.bonuses.append(Bonus(key, tier, "waiting", expires_at, once))


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
    past_bonuses = len(card.bonuses) + card.streaks_owed
    expire(card, sold.at)
    found: list[Found] = []
    for tier, units in units_of(sold, promise).items():
        found += [("card", tier, None)] * count(card, tier, units, promise)
    if found:
        card.edition = world.current[sold.program]
    card.sales.append((sold, promise))
    is_late = card.last_at is not None and sold.at < card.last_at
    if is_late and promise.switches.streak:
        streak_anew(card)
        world.is_vague = True
        # Used, and not earned after all: the next ones pay.
        lost = [debt for debt in owed(world) if debt.owner == (sold.customer, sold.program)]
        card.streaks_owed += sum(debt.count for debt in lost if debt.kind[0] == "streak")
    elif streak(card, sold, promise):
        found.append(("streak", None, None))
        card.streaks_owed -= min(1, card.streaks_owed)
    found += welcome(world, sold, promise)
    found += birthday(world, sold, promise, past_bonuses)
    found += climb(world, card, sold, promise, house)
    world.visitors.add(sold.customer)
    raise_bonuses(card, found, sold, promise)
    card.visits += 1
    card.changes += 1
    if card.last_at is None or sold.at >= card.last_at:
        card.last_at, card.last_zone = sold.at, sold.zone
    latest = world.latest.get(sold.customer)
    if latest is None or sold.at >= latest.at:
        world.latest[sold.customer] = sold
    months = promise.switches.units_expire_after
    # The latest visit says when, and takes away what an earlier promise had said; one that comes
    # to light late says it only where nothing was said.
    if card.units_end_at is None or not is_late:
        last_at, zone = card.last_at, card.last_zone
        card.units_end_at = naive_days.months_after(last_at, months, zone) if months else None
