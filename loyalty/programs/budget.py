"""What a program may give altogether (docs/rules.md#a-collect-step-by-step)."""

from dataclasses import dataclass

from loyalty.base.errors import ProgramBudgetSpent


@dataclass(frozen=True, slots=True)
class Budget:
    """Bonuses given and what they are worth (minor units), and the most of each (None: no end)."""

    bonuses: int = 0
    worth: int = 0
    most_bonuses: int | None = None
    most_worth: int | None = None


def check_budget(budget: Budget | None, *, bonuses: int, worth: int) -> None:
    """Raise ProgramBudgetSpent when so many more bonuses would be too much."""
    if budget is None or not bonuses:
        return
    if budget.most_bonuses is not None and budget.bonuses + bonuses > budget.most_bonuses:
        raise ProgramBudgetSpent(details={"limit": budget.most_bonuses, "what": "bonuses"})
    if budget.most_worth is not None and budget.worth + worth > budget.most_worth:
        raise ProgramBudgetSpent(details={"limit": budget.most_worth, "what": "worth"})
