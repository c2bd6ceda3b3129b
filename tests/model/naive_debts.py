"""What an undo leaves of bonuses that were used, for the naive model."""

from collections.abc import Sequence
from dataclasses import dataclass, field

from tests.model.history import BonusKey, Once, Voided
from tests.model.naive_card import expire, hold
from tests.model.world import Bonus, Card, Debt, Owner, World, blank


@dataclass
class Debts:
    """By the number of the step: what it left owed, and which presents went for good with it."""

    left: dict[int, list[Debt]] = field(default_factory=dict)
    gone: dict[int, list[Once]] = field(default_factory=dict)

    def presents(self) -> set[Once]:
        """Those that somebody used, that lost their sale, and that are still there."""
        left = [(number, debt.kind[2]) for number, each in self.left.items() for debt in each]
        return {once for number, once in left if once and not self._is_gone(once, number)}

    def _is_gone(self, once: Once, since: int) -> bool:
        return any(once in each for number, each in self.gone.items() if number >= since)


def owed(world: World) -> list[Debt]:
    """The bonuses that were used and are not there."""
    found = []
    for (owner, kind), used in world.used.items():
        card = world.cards.get(owner)
        there = sum(each.kind == kind for each in card.bonuses) if card else 0
        if card and kind[0] == "streak":
            there += card.streaks_owed
        if used > there:
            found.append(Debt(owner, kind, used - there))
    return found


def owe(world: World, debts: Sequence[Debt], step: Voided) -> None:
    """The cards owe from now on."""
    for debt in debts:
        _owe_one(world, debt, step)


def _owe_one(world: World, debt: Debt, step: Voided) -> None:
    """In units, as the next one of its kind, or not at all."""
    card = world.cards.setdefault(debt.owner, blank(world.current[debt.owner[1]]))
    source, tier, once = debt.kind
    if source == "streak":
        card.streaks_owed += debt.count
        return
    keys = [BonusKey(0, source, number) for number in range(debt.count)]
    card.bonuses += [Bonus(key, tier, "used", None, once) for key in keys]
    if source == "card":
        # What lay too long pays nothing.
        expire(card, step.at)
        left = card.open.get(tier, 0) - card.debt.get(tier, 0)
        hold(card, tier, left - debt.count * card.edition.mechanic.threshold)


def is_earned_or_used(world: World, once: Once) -> bool:
    """Whether somebody has used this present and nobody took that back, or a sale gives it."""
    used = sum(number for (_, kind), number in world.used.items() if kind[2] == once)
    given = [each for card in world.cards.values() for each in card.bonuses if each.once == once]
    return used > 0 or any(each.key.session for each in given)


def take_away(world: World, once: Once) -> None:
    """It was given back, and nothing gives it: as if it had never been."""
    world.had.discard(once)
    for card in world.cards.values():
        card.bonuses = [each for each in card.bonuses if each.once != once]


def settle(world: World, owner: Owner, card: Card) -> None:
    """Bonuses are used by number; streaks too many are bonuses that are used."""
    keys = [BonusKey(0, "streak", number) for number in range(card.streaks_owed)]
    card.bonuses += [Bonus(key, None, "used", None) for key in keys]
    for kind in {each.kind for each in card.bonuses}:
        same = [each for each in card.bonuses if each.kind == kind]
        for number, each in enumerate(same):
            each.status = "used" if number < world.used[owner, kind] else "waiting"
