"""What the API says about its own protocol, to those who write its clients, in English.

Documents, bodies, headers, cursors and sockets: no user of a client can do anything about them. All
that is about the product is said in loyalty/wording; codes and reasons are for programs.
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
# What /graphql and /graphql/stream answer besides 200, and when.
STATUSES = {
    400: "The request carries no operation that can be read; with `Accept:"
    " application/graphql-response+json` also when the document was not run.",
    401: "/graphql/stream is for people who are signed in.",
    403: "A cookie signs the caller in and the request may have been forged by another site.",
    404: "No business lives at this host.",
    405: "The method is neither POST nor GET, or a mutation was sent by GET; `Allow` says which.",
    406: "/graphql/stream serves `text/event-stream` alone.",
    408: "The body did not arrive in time.",
    413: "The body is larger than 256 KiB.",
    415: "/graphql/stream takes `application/json` alone.",
    429: "Too much is open or half sent for this caller or address; `Retry-After` says for how long"
    " to wait.",
    503: "The database is away for a moment; `Retry-After` says for how long to wait.",
}
# What each limit counts: in a sentence behind the number, and for anybody who looks it up.
COUNTED = {
    "aliases": ("aliases", "Fields with an alias, each spread of a fragment counted."),
    "fields": ("fields", "Fields, each spread of a fragment counted."),
    "depth": ("levels of fields", "Fields within fields within fields."),
    "rows": (
        "rows",
        (
            "Rows that its lists may have together: each list at its `first`, at 100 or its usual"
            " number without one, once for each row of the list around it; what costs more to read"
            " counts as several."
        ),
    ),
    "values": ("values outside of lists", "Fields whose value is not in a list."),
    "fragments": ("fragments", "Definitions of fragments."),
    "spreads": ("spreads of fragments", "Places where fragments are spread."),
    "directives": ("directives", "Directives, such as `@include`."),
    "keys": ("arguments or keys side by side", "Arguments of one field, or keys of one object."),
    "repeats": ("fields asked for again", "Fields that stand beside themselves."),
}
# The codes with which the server closes a socket.
CLOSE_CODES = {
    1009: "A message was longer than 64 KiB.",
    1013: "Too much is asked at once, or the database is away: try again later.",
    4400: "A message could not be read.",
    4401: "No good token came with `connection_init`, the reason says what was wrong with it; or an"
    " operation came before `connection_ack`.",
    4404: "No business lives at this host, or nothing at this path.",
    4406: "The protocol is `graphql-transport-ws`, and the client offered another.",
    4408: "`connection_init` did not come within 5 seconds.",
    4409: "An operation with this id runs already.",
    4429: "Too many sockets, messages or subscriptions of one person or address, or a second"
    " `connection_init`; the reason says which.",
}

# Of bodies and frames, in `UnreadableError`.
NO_JSON = "The body is not JSON that can be read."
NO_OBJECT = "The body must be one JSON object."
NO_UTF_8 = "The body is not UTF-8."
QUERY_IS_TEXT = "`query` must be a text."
NAME_IS_TEXT = "`operationName` must be a name or null."
VARIABLES_ARE_OBJECT = "`variables` must be an object or null."
DOCUMENT_TOO_LONG = "The document is too long."
TYPE_IS_TEXT = "`type` must be a text."
ID_IS_TEXT = "`id` must be a text."
PAYLOAD_HAS_QUERY = "`payload` must be an object with a `query`."
TOO_MANY_VALUES = "There are too many values in `variables`."
TOO_DEEP = "The values in `variables` are nested too deeply."
# Of requests.
UNREADABLE_ADDRESS = "The address cannot be read."
WRONG_METHOD = "Send queries by GET or POST, mutations by POST."
MUTATION_BY_GET = "Send mutations by POST."
BODY_TOO_LARGE = "The body is too large."
MAY_BE_FORGED = "This may come from another site: send the X-CSRFToken, or a bearer token."
STREAM_BY_POST = "Ask for a stream by POST."
STREAM_TYPE = "Streams are served as text/event-stream."
STREAM_BODY = "Send the operation as application/json."
# Of operations.
SEVERAL_OPERATIONS = "This document has several operations: name one as `operationName`."
NOT_BY_SOCKET = "Queries and mutations go to POST /graphql."
BY_SOCKET = "Subscriptions go to a socket or /graphql/stream."
ONE_MUTATION = "One mutation a document, outside fragments."
OTHER_CURSOR = "This cursor is not one of this list."
WRONG_SIZE = "Ask for `first` or `last`, 1 to 100."
TOO_MANY_SOCKETS = "{most} sockets and streams of a person may be open."
TOO_MANY_SUBSCRIPTIONS = "A socket carries {most} subscriptions at once."
EXCESS = "{has} {what}, where {allowed:,} are allowed"
MORE_THAN = "more than {most:,}"
TOO_MUCH_ASKED = "This document has {excesses}."
GIVE_FIRST = " Give lists within lists a `first`."
TOO_LARGE_ANSWER = (
    "This answer would have more than the {most:,} values that one may have: ask for fewer rows"
    " with `first`, or for fewer fields."
)
OUT_OF_TIME = "This took too long. Ask for less at once, or again later."
BUSY = "Too much is asked at once: try again later."
AWAY = "Try again in a moment."
FAILED = "Something went wrong on our side."
# The reasons with which the server closes a socket.
LONG_MESSAGE = "A message may have 64 KiB"
BUSY_SOCKET = "Too much is asked at once: try again later"
SIGN_IN_ON_SOCKET = 'UNAUTHENTICATED: sign in by connection_init: {"authorization": "Bearer TOKEN"}'
NO_BEARER_ON_SOCKET = "UNAUTHENTICATED (no_bearer): `authorization` must be the text: Bearer TOKEN"
NO_BUSINESS = "No business lives at this address"
MANY_MESSAGES = "Too many messages"
MANY_OPENED = "Too many sockets, streams and subscriptions were opened"
MANY_FROM_ADDRESS = "Too much is open from your address"
MANY_SOCKETS = "Too many sockets: 20 of one person may be open"
