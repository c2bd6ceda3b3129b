"""What new units do to a card: debts first, then whole cards, then the rest.

Rules: docs/rules.md#a-collect-step-by-step.
"""

from collections.abc import Iterable
from dataclasses import dataclass

from loyalty.base.states import EntryKind
from loyalty.base.values import Mechanic, Surplus, Units


@dataclass(frozen=True, slots=True)
class LedgerMovement:
    """One entry for the ledger."""

    kind: EntryKind
    units: int


@dataclass(frozen=True, slots=True)
class CounterCredit:
    """The card's counter after the units, the entries that lead there, and the cards filled."""

    open: int
    debt: int
    completed: int
    movements: tuple[LedgerMovement, ...]


def completed_alone(mechanic: Mechanic, earned: Iterable[Units]) -> int:
    """The whole cards that these units fill by themselves, on an empty card."""
    return sum(
        credit(
            open_units=0,
            debt=0,
            units=each.count,
            threshold=mechanic.threshold,
            surplus=mechanic.surplus,
        ).completed
        for each in earned
    )


def credit(  # noqa: PLR0913  each is a number of its own
    *,
    open_units: int,
    debt: int,
    units: int,
    threshold: int,
    surplus: Surplus,
    is_over: bool = False,
) -> CounterCredit:
    """Add `units` (>= 0) to a counter, whose open units expire first when their time `is_over`.

    Stamps carry over, so one scan may fill several cards; money that forfeits gives one bonus and
    restarts at 0, the rest as an entry of its own. Units pay a debt before they count. Where money
    forfeits, the card whose bonus is owed is filled like any other, and the rest is forfeited too.
    """
    if debt and surplus is Surplus.FORFEIT:
        return _paid_off(debt, units=units, threshold=threshold)
    expired = open_units if is_over else 0
    balance = open_units - debt - expired + units
    movements = [LedgerMovement(EntryKind.EXPIRE, -expired)] if expired else []
    movements += [LedgerMovement(EntryKind.EARN, units)] if units else []
    completed = max(balance, 0) // threshold
    if completed and surplus is Surplus.FORFEIT:
        completed = 1
    if completed:
        movements.append(LedgerMovement(EntryKind.COMPLETE, -completed * threshold))
        balance -= completed * threshold
    if completed and surplus is Surplus.FORFEIT and balance:
        movements.append(LedgerMovement(EntryKind.FORFEIT, -balance))
        balance = 0
    return CounterCredit(
        open=max(balance, 0),
        debt=max(-balance, 0),
        completed=completed,
        movements=tuple(movements),
    )


def _paid_off(debt: int, *, units: int, threshold: int) -> CounterCredit:
    # The debt is for so many whole cards, less what counts of the first of them already.
    missing = debt % threshold or threshold
    over = max(0, units - missing)
    movements = [LedgerMovement(EntryKind.EARN, units)] if units else []
    movements += [LedgerMovement(EntryKind.FORFEIT, -over)] if over else []
    return CounterCredit(open=0, debt=debt - units + over, completed=0, movements=tuple(movements))
