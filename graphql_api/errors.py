"""What callers read: refusals as data, and top-level errors."""

from datetime import datetime

import strawberry
from graphql import GraphQLError
from strawberry.utils.str_converters import to_camel_case

from graphql_api.refusal_codes import RefusalCode
from loyalty.base.errors import PlanLimit, Refused
from loyalty.wording import Reader, access_text, refusal_text
from tenants.lifting_plan import lifting_plan


@strawberry.type(description="One fact about a refusal, such as a limit.")
class RefusalDetail:
    """A name and its value, both as text."""

    name: str = strawberry.field(description="What the value is, in camelCase.")
    value: str = strawberry.field(description="The value as text; amounts in minor units.")


@strawberry.type(description="Something that was asked for and cannot be had now. Nothing changed.")
class Refusal:
    """An expected refusal, as data."""

    code: RefusalCode = strawberry.field(description="The stable code that programs decide by.")
    message: str = strawberry.field(description="A sentence for people in the caller's language.")
    retry_at: datetime | None = strawberry.field(
        description="When the same request becomes possible, in UTC; null when not known."
    )
    details: list[RefusalDetail] = strawberry.field(
        description="Facts that the sentence rests on, such as a limit or a missing amount."
    )


class PublicError(GraphQLError):
    """A top-level error that callers may read: their own mistake, with a code."""

    def __init__(self, code: str, message: str, *, reason: str = "", **more: object) -> None:
        why = {"reason": reason} if reason else {}
        super().__init__(message, extensions={"code": code, **why, **more})


def unauthenticated(message: str = "", *, reason: str = "") -> PublicError:
    """No token was sent; with a `reason`, one that is not good here."""
    return PublicError("UNAUTHENTICATED", message or access_text.sign_in_first(), reason=reason)


def forbidden(message: str, *, reason: str, **more: object) -> PublicError:
    """Signed in, but not as somebody who may do this; `more` says who may, or what it takes."""
    return PublicError("FORBIDDEN", message, reason=reason, **more)


def refusal(refused: Refused, reader: Reader | None = None) -> Refusal:
    """The refusal as data, in the active language; with a `reader`, the time to wait, too.

    The sentence is for people: it says the moment of `retry_at` as their clock shows it.
    """
    details = {name: str(value) for name, value in refused.details.items()}
    if refused.code == PlanLimit.code:
        details |= _lifting(refused)
    if field := details.get("field"):
        # As the caller wrote it: `levels[1].gift.validDays`.
        details["field"] = to_camel_case(field)
    return Refusal(
        code=RefusalCode[refused.code],
        message=refusal_text(refused.code, details, retry_at=refused.retry_at, reader=reader),
        retry_at=refused.retry_at,
        details=[RefusalDetail(name=name, value=value) for name, value in details.items()],
    )


def _lifting(refused: Refused) -> dict[str, str]:
    # The table of plans is the platform's; the business has a copy of its own plan's numbers.
    what, limit = str(refused.details.get("what", "")), int(refused.details.get("limit", 0))
    plan = lifting_plan(what, limit=limit)
    return {"plan": plan} if plan else {}
