"""Streams for a business's own front ends on other origins."""

from starlette.datastructures import Headers, MutableHeaders
from starlette.responses import Response
from starlette.types import ASGIApp, Message, Receive, Scope, Send

from graphql_api.origins import cors_headers, preflight_headers


def readable_elsewhere(app: ASGIApp) -> ASGIApp:
    """The app, with preflights answered and its answers readable by listed origins."""

    async def served(scope: Scope, receive: Receive, send: Send) -> None:
        if scope["type"] != "http":
            await app(scope, receive, send)
            return
        origin = Headers(scope=scope).get("origin")
        if scope["method"] == "OPTIONS":
            headers = preflight_headers(scope["business"], origin)
            await Response(status_code=204, headers=headers)(scope, receive, send)
            return
        allowed = cors_headers(scope["business"], origin)

        async def sent(message: Message) -> None:
            if message["type"] == "http.response.start":
                MutableHeaders(scope=message).update(allowed)
            await send(message)

        await app(scope, receive, sent)

    return served
