"""`leaderboard`: nicknames and points."""

from typing import Annotated, TypeAlias

import strawberry

from graphql_api.context import Info
from graphql_api.described import described
from graphql_api.queries.connections import Page, Size
from loyalty.base.access import Permission
from loyalty.people import Period
from loyalty.people import leaderboard as best_customers

described(
    "Since when points count, in the time zone of the business's first location.",
    {
        "WEEK": "Since Monday of this week.",
        "MONTH": "Since the first of this month.",
        "YEAR": "Since the first of January.",
        "ALL": "All points ever given.",
    },
    name="LeaderboardPeriod",
)(Period)


@strawberry.type(description="One line of the leaderboard.")
class LeaderboardEntry:
    """A place."""

    rank: int = strawberry.field(
        description="The place, 1 the highest; equal points share a rank, and the next is left out."
    )
    nickname: str = strawberry.field(description="The name that the customer chose for it.")
    points: int = strawberry.field(description="The activity points that were given in the period.")
    is_me: bool = strawberry.field(description="True for the customer who asks.")


Since: TypeAlias = Annotated[
    Period, strawberry.argument(description="Since when points count for the places.")
]


def leaderboard(info: Info, period: Since, first: Size = 10) -> list[LeaderboardEntry] | None:
    """The first places."""
    actor = info.context.signed_in(Permission.READ_LEADERBOARD)
    size = Page(first, None, None, None).size
    found = best_customers(period, first=size, actor=actor)
    if found is None:
        return None
    return [
        LeaderboardEntry(
            rank=each.rank, nickname=each.nickname, points=each.points, is_me=each.is_me
        )
        for each in found
    ]
