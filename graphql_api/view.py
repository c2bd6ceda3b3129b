"""POST /graphql on a business's host; a browser that opens it gets GraphiQL."""

from typing import Any, cast

from cross_web import HTTPException, SyncHTTPRequestAdapter
from django.conf import settings
from django.http import HttpRequest, HttpResponse, HttpResponseBase
from django.middleware.csrf import CsrfViewMiddleware
from django.utils import translation
from strawberry.django.views import GraphQLView as StrawberryView
from strawberry.http import GraphQLHTTPResponse, GraphQLRequestData

from graphql_api import bearer, bodies
from graphql_api.bodies import UnreadableError
from graphql_api.context import Context
from graphql_api.graphiql import graphiql
from graphql_api.origins import cors_headers, preflight_headers
from graphql_api.schema import schema
from tenants.address import address_of
from tenants.languages import language_of
from tenants.requests import on_business_host

_MEDIA_TYPE = "application/graphql-response+json"


class GraphQLView(StrawberryView[Context, None]):
    """The sync view; it signs callers in by bearer token, or by cookie with CSRF protection."""

    def dispatch(self, request: HttpRequest, *args: Any, **kwargs: Any) -> HttpResponseBase:
        """Answer one operation, readable by the business's own front ends elsewhere."""
        origin = request.headers.get("Origin")
        business = on_business_host(request).business
        if request.method == "OPTIONS":
            return HttpResponse(status=204, headers=preflight_headers(business, origin))
        response = self._answer(request, *args, **kwargs)
        for name, value in cors_headers(business, origin).items():
            response[name] = value
        return response

    def _answer(self, request: HttpRequest, *args: Any, **kwargs: Any) -> HttpResponseBase:
        if request.method == "GET" and "text/html" in request.headers.get("Accept", ""):
            return graphiql(request)
        if request.method != "POST":
            return HttpResponse("Send a POST.", status=405, headers={"Allow": "POST"})
        if int(request.headers.get("Content-Length") or 0) > settings.DATA_UPLOAD_MAX_MEMORY_SIZE:
            # Django would refuse it too, with a traceback in the log for each.
            return HttpResponse("The body is too large.", status=413)
        if refused := _forged(request):
            return refused
        with translation.override(_language(request)):
            return super().dispatch(request, *args, **kwargs)

    def get_context(self, request: HttpRequest, response: HttpResponse) -> Context:
        """Who asks."""
        if _MEDIA_TYPE in request.headers.get("Accept", ""):
            response["Content-Type"] = _MEDIA_TYPE
        header = request.headers.get("Authorization")
        token = bearer.from_header(header) if header else bearer.from_cookies(request.COOKIES)
        return Context(
            business=on_business_host(request).business,
            # A header that is no bearer token is a failed sign-in, not an anonymous caller.
            bearer=token if token is not None or not header else "",
            ip=address_of(request.META),
            language=_language(request),
            browser=bearer.device_from_cookies(request.COOKIES),
        )

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
            raise HTTPException(400, "The body is not UTF-8.") from None
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
        response = super().create_response(response_data, sub_response)
        if _is_unavailable(response_data):
            response.status_code = 503
            response["Retry-After"] = "2"
            return response
        is_new = response.headers["Content-Type"] == _MEDIA_TYPE
        if is_new and isinstance(response_data, dict) and response_data.get("data") is None:
            errors = cast("list[dict[str, Any]]", response_data.get("errors") or [])
            if not any("path" in error for error in errors):
                response.status_code = 400
        response["Cache-Control"] = "no-store"
        return response


def _is_unavailable(data: GraphQLHTTPResponse | list[GraphQLHTTPResponse]) -> bool:
    found = cast("list[dict[str, Any]]", data.get("errors") or []) if isinstance(data, dict) else []
    return any(error.get("extensions", {}).get("code") == "UNAVAILABLE" for error in found)


def _language(request: HttpRequest) -> str:
    default = on_business_host(request).business.language
    return language_of(request.headers.get("Accept-Language", ""), default)


def _never_exempt(request: HttpRequest) -> HttpResponse:
    """Stand in for the view where Django's check asks whether it applies."""
    raise NotImplementedError


def _forged(request: HttpRequest) -> HttpResponseBase | None:
    """A refusal when a cookie signs the caller in and the request may come from another site."""
    # An empty header signs nobody in: the cookie still does, so the check is still needed.
    if request.headers.get("Authorization") or bearer.COOKIE not in request.COOKIES:
        return None
    check = CsrfViewMiddleware(lambda _request: HttpResponse())
    check.process_request(request)
    # Asked about a view of its own: of `graphql_view` it would say that it is exempt.
    return check.process_view(request, _never_exempt, (), {})


graphql_view = GraphQLView.as_view(schema=schema, graphql_ide=None, allow_queries_via_get=False)
# Cookies are checked above, bearer tokens need no check.
graphql_view.csrf_exempt = True  # type: ignore[attr-defined]  # what Django's decorator sets
