"""Everything that can go wrong at the API, as a page: made out of the tables that decide it."""

from collections.abc import Iterable, Mapping
from typing import Any, cast

from graphql_api.limits import ALLOWED
from graphql_api.refusal_codes import RefusalCode
from graphql_api.technical import CLOSE_CODES, CODES, COUNTED, REASONS, STATUSES
from loyalty.wording import wrong_values

_HEAD = """# Errors

Made from the code by `make schema`; `make check` compares it. How to call: [api.md](api.md).

An answer says in one of four places that something did not happen:

1. **A refusal is data.** A mutation returns its payload or a `Refusal`: something that a person may
   well ask for and cannot have now. Nothing changed. Show `message`, decide by `code`, try again at
   `retryAt`.
2. **A top-level error is the caller's mistake**, in `errors[]`: decide by `extensions.code`.
   Without a `path` the document was not run, and the answer has no `data`; with one, `data` has
   what could be answered.
3. **An HTTP status** other than 200 says it for programs that look no further. The body of a call
   to /graphql is JSON with `errors` all the same.
4. **A socket is closed** with a code when it cannot go on as a whole.
"""
_LIMITS = """A document may have, in `extensions.limits` of `LIMIT_EXCEEDED` by these names:
"""
_STATUSES = """## HTTP statuses

Of /graphql and /graphql/stream. With `Accept: application/graphql-response+json` a document that
was not run is a 400; with `application/json` it is a 200, as older clients expect.
"""
_WRONG_VALUES = """`INVALID_INPUT` names the `field` as it was sent, such as
`levels[1].gift.validDays`, and the `reason` in one word:
"""


def page() -> str:
    """The page as Markdown."""
    parts = [
        _HEAD,
        "## Top-level errors\n\nIn `errors[].extensions.code`:\n",
        _table(("code", "meaning"), CODES.items()),
        *(_reasons(code, found) for code, found in REASONS.items()),
        _LIMITS,
        _table(("limit", "allowed", "counts"), _limits()),
        _STATUSES,
        _table(("status", "when"), ((str(code), text) for code, text in STATUSES.items())),
        "## Refusals\n\nThe `code` of a `Refusal`, always with status 200:\n",
        _table(("code", "meaning"), _refusals()),
        _WRONG_VALUES,
        _table(("field", "reason", "sentence"), wrong_values()),
        "## Closed sockets\n\nThe close code of /graphql/ws (graphql-transport-ws):\n",
        _table(("code", "when"), ((str(code), text) for code, text in CLOSE_CODES.items())),
    ]
    return "\n".join(parts)


def _reasons(code: str, found: Mapping[str, str]) -> str:
    rows = _table(("reason", "meaning"), found.items())
    return f"`{code}` may say more in `extensions.reason`:\n\n{rows}"


def _limits() -> Iterable[tuple[str, str, str]]:
    return ((name, f"{most:,}", COUNTED[name][1]) for name, most in ALLOWED.items())


def _refusals() -> Iterable[tuple[str, str]]:
    shown = cast("Any", RefusalCode).__strawberry_definition__.values
    return ((value.name, value.description) for value in shown)


def _table(head: tuple[str, ...], rows: Iterable[tuple[str, ...]]) -> str:
    lines = [head, ("---",) * len(head), *((f"`{first}`", *rest) for first, *rest in rows)]
    return "".join(f"| {' | '.join(line)} |\n" for line in lines)
