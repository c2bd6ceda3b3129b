"""What callers read: the one table from refusal to sentence, and top-level errors."""

from collections.abc import Mapping
from datetime import datetime

import strawberry
from django.utils.translation import gettext, gettext_noop
from graphql import GraphQLError

from graphql_api.refusal_codes import RefusalCode
from loyalty.errors import Refused

_SENTENCES = {
    "INVALID_INPUT": gettext_noop("This value cannot be used: %(field)s."),
    "NOT_FOUND": gettext_noop("This was not found."),
    "KEY_REUSED": gettext_noop("This idempotency key was used for another request."),
    "VERSION_CONFLICT": gettext_noop("Somebody else changed this meanwhile."),
    "RATE_LIMITED": gettext_noop("Too many attempts. Try again later."),
    "PLAN_LIMIT": gettext_noop("Your plan does not include this."),
    "BUSINESS_SUSPENDED": gettext_noop("This business is not active."),
    "PROGRAM_NOT_RUNNING": gettext_noop("This program is not running."),
    "NOT_AT_THIS_LOCATION": gettext_noop("This does not belong to this location."),
    "CODE_UNKNOWN": gettext_noop("This code is not known. Ask for a new one."),
    "SESSION_EXPIRED": gettext_noop("This code is over. Nothing was given; ask for a new one."),
    "ALREADY_COLLECTED": gettext_noop("This code was already used."),
    "SESSION_VOIDED": gettext_noop("This was taken back at the counter."),
    "EMAIL_REQUIRED": gettext_noop("Sign in, or give an e-mail address."),
    "QUEUE_FULL": gettext_noop(
        "%(limit)s visits already wait for this address. Open the link in your mail first."
    ),
    "OWN_SESSION": gettext_noop("You cannot collect what you made yourself."),
    "PRODUCT_REQUIRED": gettext_noop("Say which product."),
    "NOTHING_TO_EARN": gettext_noop("This sale earns nothing."),
    "BELOW_MINIMUM": gettext_noop("The receipt is below the minimum."),
    "SCAN_CAP": gettext_noop("At most %(limit)s at once."),
    "STAFF_CAP": gettext_noop("Too many codes in a short time. Ask a manager."),
    "COOLDOWN": gettext_noop("This was collected a moment ago."),
    "DAILY_CAP": gettext_noop("That is all for today."),
    "PROGRAM_BUDGET": gettext_noop("This program has given all it can."),
    "NO_BONUS": gettext_noop("No bonus waits on this card."),
    "TIER_NOT_ALLOWED": gettext_noop("This product cannot be chosen for this bonus."),
    "PRODUCT_UNAVAILABLE": gettext_noop("This product is not available."),
    "REDEMPTION_EXPIRED": gettext_noop("This code is over. Nothing was given."),
    "ALREADY_REDEEMED": gettext_noop("This bonus was already given."),
    "REDEMPTION_CANCELLED": gettext_noop("This was cancelled. The bonus waits again."),
    "PIN_LOCKED": gettext_noop("Too many wrong PINs. Scan the code instead."),
    "UNDO_TOO_LATE": gettext_noop("It is too late to take this back."),
    "SIGN_IN_FAILED": gettext_noop("That did not match. Nothing was changed."),
    "SECOND_FACTOR_REQUIRED": gettext_noop("Enter the code of your second factor."),
    "LINK_EXPIRED": gettext_noop("This link or code is over. Ask for a new one."),
}


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

    def __init__(self, code: str, message: str) -> None:
        super().__init__(message, extensions={"code": code})


def unauthenticated() -> PublicError:
    """The bearer token is unknown here, or over."""
    return PublicError("UNAUTHENTICATED", "Sign in first.")


def forbidden() -> PublicError:
    """Signed in, but not as somebody who may do this."""
    return PublicError("FORBIDDEN", "You may not do this.")


# Where `details["what"]` says of what, the general sentence would mislead.
_SPECIAL = {
    ("RATE_LIMITED", "birthday"): gettext_noop("A birthday can be changed once a year."),
    ("PIN_LOCKED", "program"): gettext_noop(
        "Too many wrong PINs for this program today. Scan the code, or ask a manager."
    ),
}


def sentence(code: str, details: Mapping[str, object]) -> str:
    """The refusal with this code in words, in the active language."""
    known = dict.fromkeys(("field", "limit"), "") | {k: str(v) for k, v in details.items()}
    text = _SPECIAL.get((code, str(details.get("what"))), _SENTENCES[code])
    return gettext(text) % known


def refusal(refused: Refused) -> Refusal:
    """The refusal as data, in the active language."""
    details = {name: str(value) for name, value in refused.details.items()}
    return Refusal(
        code=RefusalCode[refused.code],
        message=sentence(refused.code, details),
        retry_at=refused.retry_at,
        details=[RefusalDetail(name=name, value=value) for name, value in details.items()],
    )
