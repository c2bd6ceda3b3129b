"""Answers to requests that nobody looks at: JSON for programs, text for people."""

from starlette.datastructures import Headers
from starlette.responses import PlainTextResponse, Response
from starlette.types import Scope

from graphql_api.http_errors import unrun
from graphql_api.live.app import PATHS

_PROGRAMS = {"/graphql", *PATHS}


def refusal(scope: Scope, status: int, text: str, *, code: str, after: int = 0) -> Response:
    """The refusal in a form that its caller reads; `after` so many seconds it may be different."""
    again = {"Retry-After": str(after)} if after else {}
    if scope["path"] not in _PROGRAMS:
        return PlainTextResponse(text, status, again)
    accept = Headers(scope=scope).get("accept", "")
    answer = unrun(accept, status, code=code, message=text)
    answer.headers.update(again)
    return answer


def busy(scope: Scope) -> Response:
    """Too much is asked of this process at once."""
    return refusal(scope, 503, "Too many requests at once.", code="UNAVAILABLE", after=2)
