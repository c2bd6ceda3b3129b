"""Levels as their owner set them."""

import strawberry

from graphql_api.ids import global_id
from graphql_api.scalars import UnitCount
from loyalty.levels import NewLevel, NewLevelTable, version_of
from loyalty.switches import Reward


@strawberry.type(description="What whoever reaches a level gets: a product, or a value.")
class LevelGift:
    """A gift."""

    title: str = strawberry.field(description="What the gift is, in words.")
    product_id: strawberry.ID | None = strawberry.field(
        description="The product's id; null for a value."
    )
    percent: int | None = strawberry.field(
        description="Per cent off, 1 to 100; null for anything else."
    )
    amount: UnitCount | None = strawberry.field(
        description="Minor units off, in the currency of all programs; null for anything else."
    )
    text: str | None = strawberry.field(description="A value in words; null for anything else.")
    valid_days: int | None = strawberry.field(
        description="The days for which it can be used; null when the program decides."
    )


@strawberry.type(description="A level that customers reach with activity points.")
class Level:
    """A level."""

    id: strawberry.ID = strawberry.field(
        description="Names the level when the ladder is set anew, so that its holders keep it."
    )
    name: str = strawberry.field(description="The name that customers read, such as Silver.")
    threshold: int = strawberry.field(
        description="The points within the period with which it is reached."
    )
    percent: int = strawberry.field(
        description="Points count so many per cent while the level is held; 100 is as they are."
    )
    benefit: str = strawberry.field(description="What it is good for, in words; may be empty.")
    gift: LevelGift | None = strawberry.field(
        description="What whoever reaches it gets; null for nothing."
    )


@strawberry.type(description="The business's levels, and how points count towards them.")
class LevelLadder:
    """A ladder."""

    levels: list[Level] = strawberry.field(description="The levels, the lowest first; at most 20.")
    period_days: int = strawberry.field(description="Points count for so many days.")
    grace_days: int = strawberry.field(
        description="Whoever had enough points keeps the level for so many days longer."
    )
    most_rises: int | None = strawberry.field(
        description="Rises beyond this number are held for review; null without a limit, and for"
        " anybody but owners and managers."
    )
    rises_within_days: int | None = strawberry.field(
        description="The days within which rises are counted; null for anybody but owners and"
        " managers."
    )
    version: str | None = strawberry.field(
        description="Names what this ladder says; `setLevels` asks for it. Null for anybody but"
        " owners and managers."
    )


def ladder(found: NewLevelTable, *, is_whole: bool) -> LevelLadder:
    """The ladder; without its limits against abuse unless it is `is_whole`."""
    return LevelLadder(
        levels=[_level(level) for level in found.levels],
        period_days=found.period_days,
        grace_days=found.grace_days,
        most_rises=found.most_rises if is_whole else None,
        rises_within_days=found.rises_within_days if is_whole else None,
        version=version_of(found) if is_whole else None,
    )


def _level(level: NewLevel) -> Level:
    return Level(
        id=strawberry.ID(global_id("Level", level.id or 0)),
        name=level.name,
        threshold=level.threshold,
        percent=level.percent,
        benefit=level.benefit,
        gift=_gift(level.gift) if level.gift else None,
    )


def _gift(gift: Reward) -> LevelGift:
    product = global_id("Product", gift.product_id) if gift.product_id else None
    return LevelGift(
        title=gift.title,
        product_id=strawberry.ID(product) if product else None,
        percent=gift.percent,
        amount=None if gift.amount is None else UnitCount(gift.amount),
        text=gift.text or None,
        valid_days=gift.valid_days,
    )
