"""What customers tell the business about themselves."""

from typing import Annotated, TypeAlias

import strawberry

from graphql_api.context import Context, Info
from graphql_api.errors import Refusal
from graphql_api.mutations.answered import answered
from graphql_api.types.people import Customer, customer
from loyalty.base.access import Permission
from loyalty.base.errors import InvalidInput
from loyalty.people import DayOfYear
from loyalty.people import set_birthday as keep_birthday
from loyalty.people import set_nickname as keep_nickname


@strawberry.input(description="A day of the year; leave both out to remove the birthday.")
class SetBirthdayInput:
    """A birthday."""

    month: int | None = strawberry.field(default=None, description="The month, 1 to 12.")
    day: int | None = strawberry.field(default=None, description="The day of the month.")
    idempotency_key: str | None = strawberry.field(
        default=None, description="Not needed: setting the same again changes nothing."
    )


@strawberry.input(description="The name to be shown on the leaderboard.")
class SetNicknameInput:
    """A nickname."""

    nickname: str = strawberry.field(
        description="The name, 2 to 30 characters in one alphabet, unlike anybody else's and not"
        " looking like one; empty to leave the leaderboard."
    )
    idempotency_key: str | None = strawberry.field(
        default=None, description="Not needed: setting the same again changes nothing."
    )


SetBirthdayResult: TypeAlias = Annotated[
    Customer | Refusal,
    strawberry.union("SetBirthdayResult", description="The customer, or why it cannot be."),
]
SetNicknameResult: TypeAlias = Annotated[
    Customer | Refusal,
    strawberry.union("SetNicknameResult", description="The customer, or why it cannot be."),
]


def set_birthday(info: Info, input: SetBirthdayInput) -> SetBirthdayResult:  # noqa: A002  the API's word
    """The customer says when their birthday is, or removes it."""

    def work(context: Context) -> Customer:
        found = keep_birthday(_day(input), actor=context.customer(Permission.EDIT_PROFILE))
        return customer(found, site_url=context.business.site_url)

    return answered(info, input, work)


def set_nickname(info: Info, input: SetNicknameInput) -> SetNicknameResult:  # noqa: A002  the API's word
    """The customer joins the leaderboard, or leaves it."""

    def work(context: Context) -> Customer:
        found = keep_nickname(input.nickname, actor=context.customer(Permission.EDIT_PROFILE))
        return customer(found, site_url=context.business.site_url)

    return answered(info, input, work)


def _day(given: SetBirthdayInput) -> DayOfYear | None:
    if given.month is None and given.day is None:
        return None
    if given.month is None or given.day is None:
        field = "month" if given.month is None else "day"
        raise InvalidInput(details={"field": field, "reason": "missing"})
    return DayOfYear(given.month, given.day)
