"""The one table of top-level errors: their codes, and the reasons that some of them carry.

Refusals are data and have a table of their own (refusal_codes.py).
"""

from enum import StrEnum

from loyalty.people import TokenEnd


class WrongToken(StrEnum):
    """What was sent in place of a token that is good here, where nobody held it once."""

    NO_BEARER = "no_bearer"
    # Also one of another business: who asks learns nothing about others.
    UNKNOWN = "unknown_token"
    NOT_A_DEVICE = "not_a_device"


# What programs read in `extensions.code`.
CODES = {
    "BAD_REQUEST": "The HTTP request carries no operation that can be read: no JSON, no `query`,"
    " a part of the wrong type, too large, the wrong method or content type.",
    "GRAPHQL_PARSE_FAILED": "The document is no GraphQL, or longer than 1,000 tokens.",
    "GRAPHQL_VALIDATION_FAILED": "The document does not fit the schema: an unknown field, a missing"
    " argument, a value of the wrong type.",
    "BAD_USER_INPUT": "A variable or an argument has the wrong type or is missing, or a cursor is"
    " not one of this list.",
    "OPERATION_RESOLUTION_FAILURE": "`operationName` names none of the document's operations, or"
    " the document has several and none is named.",
    "LIMIT_EXCEEDED": "The document asks for more at once than is allowed, or than one answer may"
    " hold: give `first`, or ask for fewer fields. `extensions.limits` names each limit that the"
    " document is beyond, with what it `has` and what is `allowed`. Or it came to the wrong"
    " address: subscriptions go to a socket or /graphql/stream, all else to /graphql. With the"
    " status 429, too much is open for this caller or address: come again after `Retry-After`.",
    "UNAUTHENTICATED": "No token was sent where one is needed; or, with an `extensions.reason`, one"
    " that is not good here (any more).",
    "FORBIDDEN": "Signed in, but not as somebody who may do this; `extensions.reason` says what is"
    " missing.",
    "NOT_FOUND": "A subscription names nothing that this caller may follow, or the address is not"
    " one of a business.",
    "UNAVAILABLE": "The database is away for a moment, or too much is asked at once, and nothing"
    " was changed: ask again after `Retry-After`, 2 seconds by default.",
    "TIMEOUT": "The request took longer than the server gives it, and was ended: ask for less at"
    " once, or again after `Retry-After`. A mutation with the same `idempotencyKey` is safe to"
    " repeat.",
    "INTERNAL": "Something went wrong on our side; the log has it, the answer says no more.",
}
# What programs may read in `extensions.reason`, by code.
REASONS = {
    "UNAUTHENTICATED": {
        WrongToken.NO_BEARER.value: "What was sent as authorization is not `Bearer TOKEN`.",
        WrongToken.UNKNOWN.value: "Nobody has this token here: it is mistyped, of another business,"
        " or over for more than a day. Sign in again.",
        WrongToken.NOT_A_DEVICE.value: "A paired device's token is asked for, and this is none.",
        TokenEnd.DEVICE_REVOKED.value: "The device was taken out of use: pair it again.",
        TokenEnd.NOBODY_ON.value: "The token is a device's own: switch somebody on with"
        " `signInOnDevice` first.",
        TokenEnd.LEFT.value: "The staff member does not work here any more.",
        TokenEnd.SWITCHED_OFF.value: "Somebody else was switched on at the device:"
        " switch on again.",
        TokenEnd.SIGNED_OUT.value: "The token was signed out.",
        TokenEnd.EXPIRED.value: "The token is too old: sign in again.",
    },
    "FORBIDDEN": {
        "password_needed": "A passcode is too little: sign in with e-mail and password.",
        "role_needed": "The caller is somebody else than those who may; `extensions.roles` names"
        " these: `OWNER`, `MANAGER`, `STAFF`, `CUSTOMER`.",
        "plan_needed": "GraphiQL and introspection need a plan that includes them;"
        " `extensions.plan` names the lowest one. Queries, mutations and subscriptions work on"
        " every plan.",
        "forged": "A cookie signs the caller in, and the request does not show that it came from"
        " our own pages: send the `X-CSRFToken`, or a bearer token instead of the cookie.",
    },
}
