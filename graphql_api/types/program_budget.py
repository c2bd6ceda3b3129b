"""What a program may give altogether."""

import strawberry

from graphql_api.scalars import UnitCount
from loyalty.models import program_budget


@strawberry.type(description="What a program may give altogether, and what it has given.")
class ProgramBudget:
    """A budget."""

    bonuses: UnitCount = strawberry.field(
        description="The bonuses that it has given, those that were taken back left out."
    )
    most_bonuses: UnitCount | None = strawberry.field(
        description="The most bonuses that it gives; null without an end."
    )
    worth: UnitCount = strawberry.field(
        description="What they are worth together, in minor units of the program's currency."
    )
    most_worth: UnitCount | None = strawberry.field(
        description="The most that they may be worth together; null without an end."
    )


def budget(row: program_budget.ProgramBudget) -> ProgramBudget | None:
    """The budget of a row; None where its owner set no end."""
    if row.most_bonuses is None and row.most_worth is None:
        return None
    return ProgramBudget(
        bonuses=UnitCount(row.bonuses),
        most_bonuses=None if row.most_bonuses is None else UnitCount(row.most_bonuses),
        worth=UnitCount(row.worth),
        most_worth=None if row.most_worth is None else UnitCount(row.most_worth),
    )
