"""Requests that carry no operation to run, answered as GraphQL over HTTP answers everything."""

import json
from typing import Any

from starlette.responses import Response

from graphql_api.errors import PublicError

NEW_MEDIA_TYPE = "application/graphql-response+json"
_OLD_MEDIA_TYPE = "application/json"


def media_type(accept: str) -> str:
    """The type in which a caller with this `Accept` reads answers."""
    wanted = NEW_MEDIA_TYPE if NEW_MEDIA_TYPE in accept else _OLD_MEDIA_TYPE
    return f"{wanted}; charset=utf-8"


def is_new(content_type: str) -> bool:
    """True for the type whose status says whether the document was run."""
    return content_type.startswith(NEW_MEDIA_TYPE)


def body_of(code: str, message: str, *, reason: str = "") -> dict[str, Any]:
    """The answer to a request that was not run: errors, and no `data`."""
    return {"errors": [PublicError(code, message, reason=reason).formatted]}


def unrun(accept: str, status: int, *, code: str, message: str, reason: str = "") -> Response:
    """The whole answer to a request that was not run, where Django does not answer."""
    return Response(
        json.dumps(body_of(code, message, reason=reason)),
        status,
        {"Cache-Control": "no-store"},
        media_type=media_type(accept),
    )


def without_data(answer: dict[str, Any]) -> dict[str, Any]:
    """The answer, whose `data` is left out when no field was ever asked.

    An error of a field has a path; without one the document was refused before it ran.
    """
    errors = answer.get("errors") or []
    if answer.get("data") is not None or any("path" in error for error in errors):
        return answer
    return {name: value for name, value in answer.items() if name != "data"} if errors else answer
