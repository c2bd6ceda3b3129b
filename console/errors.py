"""The pages for what nobody wanted: not found, forbidden, failed, the database away."""

import sys

from django.db import InterfaceError, OperationalError
from django.http import HttpRequest, HttpResponse
from django.template.loader import render_to_string
from django.utils.translation import gettext

_AWAY = 503
_RETRY = {"Retry-After": "2"}
_PLAIN = "text/plain; charset=utf-8"


def bad_request(request: HttpRequest, exception: Exception) -> HttpResponse:  # noqa: ARG001  Django's signature
    """400."""
    return _answer(
        request,
        400,
        gettext("We could not read that"),
        gettext("Nothing was changed. Go back and try again."),
    )


def forbidden(request: HttpRequest, exception: Exception) -> HttpResponse:  # noqa: ARG001  the same
    """403."""
    return _answer(
        request,
        403,
        gettext("This is not yours to open"),
        gettext("Nothing was changed. Sign in as somebody who may."),
    )


def not_found(request: HttpRequest, exception: Exception) -> HttpResponse:  # noqa: ARG001  the same
    """404."""
    return _answer(
        request,
        404,
        gettext("There is nothing here"),
        gettext("The address may be mistyped, or it is not yours to open."),
    )


def failed(request: HttpRequest) -> HttpResponse:
    """500; 503 when the database is away, because then it is worth trying again."""
    if isinstance(sys.exc_info()[1], (OperationalError, InterfaceError)):
        title = gettext("We are away for a moment")
        text = gettext("Try again in a few seconds: nothing is ever added twice.")
        # Not "nothing was changed": the answer to a commit may be what got lost.
        return _answer(request, _AWAY, title, text)
    title = gettext("Something went wrong here")
    text = gettext("It is our fault, and it was noted. Try again, or come back later.")
    return _answer(request, 500, title, text)


def forged(request: HttpRequest, reason: str = "") -> HttpResponse:  # noqa: ARG001  Django's signature
    """403 for a form without its token: cookies are off, or the page is an old one."""
    return _answer(
        request,
        403,
        gettext("This page is too old"),
        gettext("Nothing was changed. Load it again, allow cookies, and send the form again."),
    )


def _answer(request: HttpRequest, status: int, title: str, text: str) -> HttpResponse:
    headers = _RETRY if status == _AWAY else None
    if "text/html" not in request.headers.get("Accept", ""):
        text = f"{title}. {text}\n"
        return HttpResponse(text, status=status, headers=headers, content_type=_PLAIN)
    # Without the request: the processors of a page may need what has just failed.
    facts = {"title": title, "text": text, "business": getattr(request, "business", None)}
    body = render_to_string("console/error.html", facts)
    return HttpResponse(body, status=status, headers=headers)
