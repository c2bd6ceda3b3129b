"""Chooses the business by the request's host, before anything else runs."""

from collections.abc import Callable

from django.conf import settings
from django.db import Error
from django.http import HttpRequest, HttpResponse, HttpResponseBase

from tenants import context, health, hosts
from tenants.plain_page import AWAY, UNKNOWN_HOST, plain_page
from tenants.requests import on_business_host

Answer = Callable[[HttpRequest], HttpResponseBase]


class BusinessMiddleware:
    """Unknown host: 404. Database away: 503 with Retry-After."""

    def __init__(self, get_response: Answer) -> None:
        self.get_response = get_response

    def __call__(self, request: HttpRequest) -> HttpResponseBase:
        """Answer the request inside its business, or inside `public` on the platform's hosts."""
        if request.path in health.PATHS:
            return health.answer(request.path)
        host = request.META.get("HTTP_HOST", "")
        if hosts.is_public(host):
            for_all, for_operators = settings.PUBLIC_SCHEMA_URLCONF, settings.OPERATOR_URLCONF
            request.urlconf = for_operators if hosts.is_for_operators(host) else for_all
            with context.public():
                return self.get_response(request)
        try:
            business = hosts.business_on(host)
        except Error:
            return unavailable(request)
        if business is None:
            return plain_page(request, UNKNOWN_HOST, status=404)
        on_business_host(request).business = business
        with context.business(business.schema):
            return self.get_response(request)


def unavailable(request: HttpRequest) -> HttpResponse:
    """The answer while the database is away; nothing was changed."""
    return plain_page(request, AWAY, status=503, retry_after=2)
