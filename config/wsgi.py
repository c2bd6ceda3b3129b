"""HTTP on threads: pages with all middleware, calls to /graphql with what they need."""

import os
from collections.abc import Callable, Iterable
from typing import Any

os.environ.setdefault("DJANGO_SETTINGS_MODULE", "config.settings")

from django.conf import settings
from django.core.handlers.exception import convert_exception_to_response
from django.core.handlers.wsgi import WSGIHandler
from django.core.wsgi import get_wsgi_application
from django.utils.module_loading import import_string

from config.safe_headers import safe_wsgi
from config.shares import Shares
from config.who_asks import caller_in
from loyalty.db import deadline

_pages = get_wsgi_application()


class GraphQLHandler(WSGIHandler):
    """Django's handler with the middleware of GRAPHQL_MIDDLEWARE: a third of the time a request."""

    def load_middleware(self, is_async: bool = False) -> None:  # noqa: ARG002, FBT001, FBT002  Django's signature
        """Build the short chain."""
        self._view_middleware: list[Any] = []
        self._template_response_middleware: list[Any] = []
        self._exception_middleware: list[Any] = []
        handler = convert_exception_to_response(
            self._get_response  # type: ignore[attr-defined]  # missing from the stubs
        )
        for name in reversed(settings.GRAPHQL_MIDDLEWARE):
            handler = convert_exception_to_response(import_string(name)(handler))
        self._middleware_chain = handler


_graphql = GraphQLHandler()
_shares = Shares(settings.HTTP_THREADS)


def _chosen(environ: dict[str, Any], start_response: Callable[..., Any]) -> Iterable[bytes]:
    handler = _graphql if _is_call(environ) else _pages
    if deadline.running() is not None:
        # It had its turn on the event loop (config/in_turn.py).
        return handler(environ, start_response)
    with _shares.held(caller_in(environ)):
        return handler(environ, start_response)


def _is_call(environ: dict[str, Any]) -> bool:
    # A browser that opens the address gets a page.
    if environ["PATH_INFO"] != "/graphql":
        return False
    return environ["REQUEST_METHOD"] != "GET" or "text/html" not in environ.get("HTTP_ACCEPT", "")


# The WSGI application; config/server.py has it answered by threads.
application = safe_wsgi(_chosen)
