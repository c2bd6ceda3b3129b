"""The pages for what nobody wanted: not found, forbidden, failed, the database away."""

import sys

from django.db import InterfaceError, OperationalError
from django.http import HttpRequest, HttpResponse
from django.template.loader import render_to_string

from loyalty.wording import PageWords, error_page

_RETRY = {"Retry-After": "2"}
_PLAIN = "text/plain; charset=utf-8"


def bad_request(request: HttpRequest, exception: Exception) -> HttpResponse:  # noqa: ARG001  Django's signature
    """400."""
    return _answer(request, error_page.UNREADABLE)


def forbidden(request: HttpRequest, exception: Exception) -> HttpResponse:  # noqa: ARG001  the same
    """403."""
    return _answer(request, error_page.FORBIDDEN)


def not_found(request: HttpRequest, exception: Exception) -> HttpResponse:  # noqa: ARG001  the same
    """404."""
    return _answer(request, error_page.NOTHING_HERE)


def failed(request: HttpRequest) -> HttpResponse:
    """500; 503 when the database is away, because then it is worth trying again."""
    is_away = isinstance(sys.exc_info()[1], (OperationalError, InterfaceError))
    return _answer(request, error_page.AWAY if is_away else error_page.FAILED)


def forged(request: HttpRequest, reason: str = "") -> HttpResponse:  # noqa: ARG001  Django's signature
    """403 for a form without its token: cookies are off, or the page is an old one."""
    return _answer(request, error_page.TOO_OLD)


def _answer(request: HttpRequest, words: PageWords) -> HttpResponse:
    headers = _RETRY if words is error_page.AWAY else None
    if "text/html" not in request.headers.get("Accept", ""):
        text = f"{words.title}. {words.next_step}\n"
        return HttpResponse(text, status=words.status, headers=headers, content_type=_PLAIN)
    # Without the request: the processors of a page may need what has just failed.
    facts = {
        "title": words.title,
        "text": words.next_step,
        "business": getattr(request, "business", None),
    }
    body = render_to_string("console/error.html", facts)
    return HttpResponse(body, status=words.status, headers=headers)
