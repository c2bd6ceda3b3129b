"""Headers that every answer carries, whichever part of the server makes it."""

from collections.abc import Callable, Iterable
from typing import Any

from django.conf import settings
from starlette.datastructures import MutableHeaders
from starlette.types import ASGIApp, Message, Receive, Scope, Send

WSGIApp = Callable[[dict[str, Any], Callable[..., Any]], Iterable[bytes]]


def everywhere() -> dict[str, str]:
    """Nothing is guessed from the content, and where we have TLS, browsers keep to it."""
    found = {"X-Content-Type-Options": "nosniff"}
    if settings.SECURE_HSTS_SECONDS:
        found["Strict-Transport-Security"] = f"max-age={settings.SECURE_HSTS_SECONDS}"
    return found


def safe_answers(app: ASGIApp) -> ASGIApp:
    """The app, with these headers on all its answers over HTTP."""
    wanted = everywhere()

    async def served(scope: Scope, receive: Receive, send: Send) -> None:
        async def sent(message: Message) -> None:
            if message["type"].endswith("http.response.start"):
                message = {**message, "headers": [*message.get("headers", ())]}
                headers = MutableHeaders(scope=message)
                for name, value in wanted.items():
                    headers.setdefault(name, value)
            await send(message)

        await app(scope, receive, sent)

    return served


def safe_wsgi(app: WSGIApp) -> WSGIApp:
    """The WSGI app, with these headers on all its answers."""
    wanted = everywhere()

    def served(environ: dict[str, Any], start_response: Callable[..., Any]) -> Iterable[bytes]:
        def start(status: str, headers: list[tuple[str, str]], *error: Any) -> Any:
            there = {name.lower() for name, _ in headers}
            missing = [each for each in wanted.items() if each[0].lower() not in there]
            return start_response(status, [*headers, *missing], *error)

        return app(environ, start)

    return served
