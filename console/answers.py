"""Answers that all pages share."""

from collections.abc import Callable
from functools import wraps
from typing import Any

from django.http import HttpRequest, HttpResponse, HttpResponseRedirect
from django.shortcuts import render
from django.views.decorators.cache import never_cache

View = Callable[..., HttpResponse]


class SeeOther(HttpResponseRedirect):
    """The answer to a form that was taken: reloading and going back send nothing again."""

    status_code = 303


def page(request: HttpRequest, name: str, *, status: int = 200, **facts: object) -> HttpResponse:
    """The page made from console/templates/console/<name>.html."""
    return render(request, f"console/{name}.html", facts, status=status)


def token_page(view: View) -> View:
    """Keep a secret that stands in the address out of caches and of other sites' logs."""

    @never_cache
    @wraps(view)
    def kept(request: HttpRequest, *args: Any, **kwargs: Any) -> HttpResponse:
        response = view(request, *args, **kwargs)
        response["Referrer-Policy"] = "no-referrer"
        return response

    return kept
