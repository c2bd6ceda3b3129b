"""Streams that cannot begin: answered as /graphql answers what it cannot run, never as text."""

from http import HTTPStatus

from starlette.requests import Request
from starlette.responses import Response

from graphql_api import technical
from graphql_api.http_errors import unrun

_METHODS = ("GET", "POST")
_AGAIN = {429: "5", 503: "2"}


def unfit(request: Request) -> Response | None:
    """The refusal of a request that is no stream's, no matter who sent it; None where it is one."""
    if request.method not in _METHODS:
        return refused_stream(request, 405, message=technical.STREAM_BY_POST)
    if "text/event-stream" not in request.headers.get("accept", ""):
        return refused_stream(request, 406, message=technical.STREAM_TYPE)
    kind = request.headers.get("content-type", "").partition(";")[0].strip().lower()
    if request.method == "POST" and kind != "application/json":
        return refused_stream(request, 415, message=technical.STREAM_BODY)
    return None


def refused_stream(
    request: Request, status: int, *, code: str = "BAD_REQUEST", message: str, reason: str = ""
) -> Response:
    """Why no stream begins, as JSON."""
    accept = request.headers.get("accept", "")
    answer = unrun(accept, status, code=code, message=message, reason=reason)
    if status == HTTPStatus.METHOD_NOT_ALLOWED:
        answer.headers["Allow"] = ", ".join([*_METHODS, "OPTIONS"])
    if again := _AGAIN.get(status):
        answer.headers["Retry-After"] = again
    return answer
