"""`setLevels`: an owner or manager replaces the ladder that they read."""

from typing import Annotated, TypeAlias

import strawberry

from graphql_api import ids
from graphql_api.context import Context, Info
from graphql_api.errors import Refusal
from graphql_api.mutations.answered import answered
from graphql_api.scalars import UnitCount
from graphql_api.types import level as levels
from graphql_api.types.level import LevelLadder
from loyalty.base.access import Permission
from loyalty.levels import LevelTableReading, NewLevel, NewLevelTable
from loyalty.levels import set_levels as replace_ladder
from loyalty.switches import Reward


@strawberry.input(
    description="What whoever reaches a level gets: exactly one of product, per cent, amount, text."
)
class LevelGiftInput:
    """A gift."""

    product_id: strawberry.ID | None = strawberry.field(
        default=None, description="The product that is given."
    )
    percent: int | None = strawberry.field(default=None, description="Per cent off, 1 to 100.")
    amount: UnitCount | None = strawberry.field(
        default=None, description="Minor units off; only where all programs have one currency."
    )
    text: str | None = strawberry.field(
        default=None, description="A value in words, such as a table by the window."
    )
    valid_days: int | None = strawberry.field(
        default=None,
        description="The days for which it can be used; left out, the program decides.",
    )


@strawberry.input(description="A level as it shall be.")
class LevelInput:
    """A level."""

    name: str = strawberry.field(description="The name that customers read, unlike the others'.")
    threshold: int = strawberry.field(
        description="The points with which it is reached; more than for the level before."
    )
    percent: int = strawberry.field(
        default=100,
        description="Points count so many per cent while the level is held, 100 to 1000.",
    )
    benefit: str = strawberry.field(default="", description="What it is good for, in words.")
    gift: LevelGiftInput | None = strawberry.field(
        default=None, description="What whoever reaches it gets; left out, nothing."
    )
    id: strawberry.ID | None = strawberry.field(
        default=None,
        description="The level that it was; left out, the one with the same name, if any.",
    )


@strawberry.input(
    description="The whole ladder: levels that are left out are removed, and whoever held one holds"
    " the next lower one that stays."
)
class SetLevelsInput:
    """A ladder."""

    levels: list[LevelInput] = strawberry.field(
        description="All levels, the lowest first, at most 20; they never change places."
    )
    period_days: int = strawberry.field(
        default=365, description="Points count for so many days, 1 to 3660."
    )
    grace_days: int = strawberry.field(
        default=30,
        description="Whoever had enough points keeps the level for so many days longer, 0 to 3660.",
    )
    most_rises: int | None = strawberry.field(
        default=None,
        description="Rises beyond this number, 1 to 20, are held for review; left out, none are.",
    )
    rises_within_days: int = strawberry.field(
        default=30, description="The days within which rises are counted, 1 to 3660."
    )
    version: str | None = strawberry.field(
        default=None,
        description="The `version` of the ladder that was read; needed where there are levels, and"
        " VERSION_CONFLICT when somebody changed them since.",
    )
    confirm_removal: bool = strawberry.field(
        default=False, description="Needed to remove all levels, with `levels` empty."
    )
    idempotency_key: str | None = strawberry.field(
        default=None, description="Not needed: setting the same again changes nothing."
    )


SetLevelsResult: TypeAlias = Annotated[
    LevelLadder | Refusal,
    strawberry.union("SetLevelsResult", description="The ladder, or why it cannot be."),
]


def set_levels(info: Info, input: SetLevelsInput) -> SetLevelsResult:  # noqa: A002  the API's word
    """An owner or manager replaces the ladder of levels."""

    def work(context: Context) -> LevelLadder:
        actor = context.staff(Permission.SET_LEVELS)
        wanted = NewLevelTable(
            levels=tuple(
                _level(each, field=f"levels[{number}]") for number, each in enumerate(input.levels)
            ),
            period_days=input.period_days,
            grace_days=input.grace_days,
            most_rises=input.most_rises,
            rises_within_days=input.rises_within_days,
        )
        reading = LevelTableReading(input.version, input.confirm_removal)
        kept = replace_ladder(wanted, actor=actor, reading=reading)
        return levels.ladder(kept, is_whole=True)

    return answered(info, input, work)


def _level(given: LevelInput, *, field: str) -> NewLevel:
    return NewLevel(
        name=given.name,
        threshold=given.threshold,
        percent=given.percent,
        benefit=given.benefit,
        gift=_gift(given.gift, field=f"{field}.gift") if given.gift else None,
        id=_id(given.id, "Level", field=f"{field}.id"),
    )


def _gift(given: LevelGiftInput, *, field: str) -> Reward:
    return Reward(
        product_id=_id(given.product_id, "Product", field=f"{field}.productId"),
        percent=given.percent,
        amount=given.amount,
        text=(given.text or "").strip(),
        valid_days=given.valid_days,
    )


def _id(given: strawberry.ID | None, kind: str, *, field: str) -> int | None:
    # One of many ids on the ladder: which of them is not what it should be?
    return ids.optional(given, kind, field=field)
