"""What is owed for bonuses that were given and then lost their sales."""

import strawberry

from graphql_api.context import Info
from loyalty.cards import debts as all_debts


@strawberry.type(
    description="What the business's cards owe because sales were taken back after their bonus was"
    " given."
)
class Debts:
    """Figures for the head of the review list."""

    cards: int = strawberry.field(description="The number of cards that owe something.")
    bonuses: int = strawberry.field(
        description="The number of bonuses that they owe for, one that is partly paid included."
    )
    abandoned_cards: int = strawberry.field(
        description="Those of the cards that nobody is likely to pay with: no visit is left on"
        " them, or the last one was 30 days ago or longer."
    )
    abandoned_bonuses: int = strawberry.field(
        description="The number of bonuses that the abandoned cards owe for."
    )


def debts(info: Info) -> Debts:
    """The figures now."""
    with info.context.asking():
        found = all_debts(actor=info.context.actor)
    return Debts(
        cards=found.cards,
        bonuses=found.bonuses,
        abandoned_cards=found.abandoned_cards,
        abandoned_bonuses=found.abandoned_bonuses,
    )
