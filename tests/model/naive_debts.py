"""What an undo leaves of bonuses that were used, and a refund lifts, for the naive model."""

from collections.abc import Sequence
from dataclasses import dataclass, field, replace

from tests.model.history import BonusKey, Once, Refunded, Voided
from tests.model.naive_card import expire, hold
from tests.model.world import Bonus, Card, Debt, Owner, World, blank


@dataclass
class Debts:
    """By the number of the step: what it left owed."""

    left: dict[int, list[Debt]] = field(default_factory=dict)

    def presents(self) -> set[Once]:
        """Those that somebody used and that lost their sale."""
        return {debt.kind[2] for each in self.left.values() for debt in each if debt.kind[2]}

    def lift(self, step: Refunded) -> bool:
        """Nobody has had it after all: the newest debt of its kind was none; whether there was one.

        A present is owed once, whatever it says of it.
        """
        owner, kind = (step.customer, step.program), (step.bonus.source, step.tier, step.once)
        for number, debts in reversed(self.left.items()):
            for debt in debts:
                if step.once and debt.kind[2] == step.once:
                    self.left = {n: _without(each, step.once) for n, each in self.left.items()}
                    return True
                if not step.once and (debt.owner, debt.kind) == (owner, kind) and debt.count:
                    rest = [each for each in debts if each is not debt]
                    self.left[number] = [*rest, replace(debt, count=debt.count - 1)]
                    return True
        return False


def _without(debts: Sequence[Debt], once: Once) -> list[Debt]:
    return [each for each in debts if each.kind[2] != once]


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


def owe(world: World, debts: Sequence[Debt], step: Voided | Refunded) -> None:
    """The cards owe from now on."""
    for debt in debts:
        _owe_one(world, debt, step)


def _owe_one(world: World, debt: Debt, step: Voided | Refunded) -> None:
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


def settle(world: World, owner: Owner, card: Card) -> None:
    """Bonuses are used by number; streaks too many are bonuses that are used."""
    keys = [BonusKey(0, "streak", number) for number in range(card.streaks_owed)]
    card.bonuses += [Bonus(key, None, "used", None) for key in keys]
    for kind in {each.kind for each in card.bonuses}:
        same = [each for each in card.bonuses if each.kind == kind]
        for number, each in enumerate(same):
            each.status = "used" if number < world.used[owner, kind] else "waiting"
