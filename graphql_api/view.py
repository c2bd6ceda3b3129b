"""/graphql on a business's host: queries by GET or POST, mutations by POST, a page for browsers."""

import json
from collections.abc import Mapping
from http import HTTPStatus
from typing import Any, cast

from cross_web import HTTPException, SyncHTTPRequestAdapter
from django.conf import settings
from django.core.exceptions import SuspiciousOperation
from django.http import HttpRequest, HttpResponse, HttpResponseBase
from django.middleware.csrf import CsrfViewMiddleware
from django.utils import translation
from strawberry.django.views import GraphQLView as StrawberryView
from strawberry.http import GraphQLHTTPResponse, GraphQLRequestData
from strawberry.http.base import BaseRequestProtocol
from strawberry.schema.exceptions import CannotGetOperationTypeError, InvalidOperationTypeError
from strawberry.types import ExecutionResult

from graphql_api import bearer, bodies, technical
from graphql_api.bodies import UnreadableError
from graphql_api.context import Context
from graphql_api.errors import PublicError
from graphql_api.graphiql import graphiql
from graphql_api.http_errors import body_of, is_new, media_type, without_data
from graphql_api.origins import cors_headers, preflight_headers
from graphql_api.schema import schema
from loyalty.db import deadline
from loyalty.db.deadline import Deadline
from tenants.address import address_of
from tenants.languages import language_of
from tenants.requests import on_business_host

_METHODS = "GET, POST, OPTIONS"


class GraphQLView(StrawberryView[Context, None]):
    """The sync view; it signs callers in by bearer token, or by cookie with CSRF protection."""

    def dispatch(self, request: HttpRequest, *_args: Any, **_kwargs: Any) -> HttpResponseBase:
        """Answer one operation, readable by the business's own front ends elsewhere."""
        origin = request.headers.get("Origin")
        business = on_business_host(request).business
        if request.method == "OPTIONS":
            return HttpResponse(status=204, headers=preflight_headers(business, origin))
        response = self._answer(request)
        for name, value in cors_headers(business, origin).items():
            response[name] = value
        return response

    def _answer(self, request: HttpRequest) -> HttpResponseBase:
        if request.method == "GET" and "text/html" in request.headers.get("Accept", ""):
            return graphiql(request)
        if refused := _kept_out(request):
            return refused
        # The front has made one, and ends it when the caller leaves.
        time = deadline.running() or Deadline()
        time.shorten(settings.REQUEST_SECONDS)
        try:
            with translation.override(_language(request)), deadline.within(time):
                return self.run(request=request)
        except HTTPException as error:
            return _refused(request, error.status_code, error.reason)
        except SuspiciousOperation:
            # More parameters than Django reads.
            return _refused(request, 400, technical.UNREADABLE_ADDRESS)

    def get_context(self, request: HttpRequest, response: HttpResponse) -> Context:
        """Who asks."""
        response["Content-Type"] = media_type(request.headers.get("Accept", ""))
        header = request.headers.get("Authorization")
        token = bearer.from_header(header) if header else _own_cookie(request)
        running = deadline.running()
        if token is None and running is not None:
            running.shorten(settings.ANONYMOUS_SECONDS)
        return Context(
            business=on_business_host(request).business,
            # A header that is no bearer token is a failed sign-in, not an anonymous caller.
            bearer=token if token is not None or not header else "",
            ip=address_of(request.META),
            language=_language(request),
            browser=bearer.device_from_cookies(request.COOKIES),
        )

    def should_render_graphql_ide(self, request: BaseRequestProtocol) -> bool:  # noqa: ARG002  Strawberry's signature
        """Never: browsers were answered before."""
        return False

    def parse_query_params(self, params: Mapping[str, str | list[str] | None]) -> dict[str, Any]:
        """The operation of a GET, its `variables` and `extensions` as JSON."""
        given = {name: value or None for name, value in params.items()}
        for name in ("variables", "extensions"):
            text = given.get(name)
            if isinstance(text, str):
                given[name] = None if text == "null" else self.parse_json(text)
        return given

    def execute_single(self, **given: Any) -> ExecutionResult:  # type: ignore[override]  # all are given by name
        """What the operation came to; raises HTTPException where there is none to run."""
        try:
            return super().execute_single(**given)
        except HTTPException as error:
            match error.__cause__:
                case CannotGetOperationTypeError():
                    unknown = PublicError("OPERATION_RESOLUTION_FAILURE", error.reason)
                    return ExecutionResult(data=None, errors=[unknown])
                case InvalidOperationTypeError():
                    raise HTTPException(405, technical.MUTATION_BY_GET) from None
            raise

    def parse_json(self, data: str | bytes) -> Any:
        """The body as a JSON object; anything else is a 400, however it is broken."""
        try:
            return bodies.json_object(data)
        except UnreadableError as error:
            raise HTTPException(400, str(error)) from None

    def parse_http_body(self, request: SyncHTTPRequestAdapter) -> GraphQLRequestData:
        """The operation that the caller sent."""
        try:
            # `parse_json` lets no list through.
            found = cast("GraphQLRequestData", super().parse_http_body(request))
            bodies.check_operation(found.query, found.variables, found.operation_name)
        except UnicodeDecodeError:
            # Raised before `parse_json` is asked, which takes text.
            raise HTTPException(400, technical.NO_UTF_8) from None
        except UnreadableError as error:
            raise HTTPException(400, str(error)) from None
        return found

    def create_response(
        self,
        response_data: GraphQLHTTPResponse | list[GraphQLHTTPResponse],
        sub_response: HttpResponse,
    ) -> HttpResponseBase:
        """Answer as the GraphQL-over-HTTP specification says for the caller's media type.

        A document that never ran is a 400 in the new media type, and a 200 in plain JSON.
        """
        answer = without_data(cast("dict[str, Any]", response_data))
        response = super().create_response(cast("GraphQLHTTPResponse", answer), sub_response)
        response["Cache-Control"] = "no-store"
        if _is_unavailable(answer):
            response.status_code = 503
            response["Retry-After"] = "2"
        elif "data" not in answer and is_new(response.headers["Content-Type"]):
            response.status_code = 400
        return response


def _kept_out(request: HttpRequest) -> HttpResponse | None:
    """The refusal of a request that is not even read."""
    if request.method not in {"GET", "POST"}:
        return _refused(request, 405, technical.WRONG_METHOD)
    if int(request.headers.get("Content-Length") or 0) > settings.DATA_UPLOAD_MAX_MEMORY_SIZE:
        # Django would refuse it too, with a traceback in the log for each.
        return _refused(request, 413, technical.BODY_TOO_LARGE)
    if _is_forged(request):
        text = technical.MAY_BE_FORGED
        return _refused(request, 403, text, code="FORBIDDEN", reason="forged")
    return None


def _refused(
    request: HttpRequest, status: int, message: str, *, code: str = "BAD_REQUEST", reason: str = ""
) -> HttpResponse:
    """The answer to a request that carries no operation to run."""
    headers = {"Cache-Control": "no-store"}
    if status == HTTPStatus.METHOD_NOT_ALLOWED:
        headers["Allow"] = _METHODS
    return HttpResponse(
        json.dumps(body_of(code, message, reason=reason)),
        status=status,
        headers=headers,
        content_type=media_type(request.headers.get("Accept", "")),
    )


def _is_unavailable(answer: Mapping[str, Any]) -> bool:
    found = answer.get("errors") or []
    codes = {error.get("extensions", {}).get("code") for error in found}
    return not codes.isdisjoint({"UNAVAILABLE", "TIMEOUT"})


def _own_cookie(request: HttpRequest) -> str | None:
    # Other sites can make a browser send a GET with its cookies: there, only a bearer signs in.
    return bearer.from_cookies(request.COOKIES) if request.method == "POST" else None


def _language(request: HttpRequest) -> str:
    default = on_business_host(request).business.language
    return language_of(request.headers.get("Accept-Language", ""), default)


def _never_exempt(request: HttpRequest) -> HttpResponse:
    """Stand in for the view where Django's check asks whether it applies."""
    raise NotImplementedError


def _is_forged(request: HttpRequest) -> bool:
    """True when a cookie signs the caller in and the request may come from another site."""
    # An empty header signs nobody in: the cookie still does, so the check is still needed.
    if request.headers.get("Authorization") or _own_cookie(request) is None:
        return False
    check = CsrfViewMiddleware(lambda _request: HttpResponse())
    check.process_request(request)
    # Asked about a view of its own: of `graphql_view` it would say that it is exempt.
    return check.process_view(request, _never_exempt, (), {}) is not None


graphql_view = GraphQLView.as_view(schema=schema, graphql_ide=None)
# Cookies are checked above, bearer tokens need no check.
graphql_view.csrf_exempt = True  # type: ignore[attr-defined]  # what Django's decorator sets
