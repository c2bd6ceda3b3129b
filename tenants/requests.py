"""The request as our own views see it."""

from typing import cast

from django.http import HttpRequest

from tenants.hosts import BusinessOnHost


class BusinessRequest(HttpRequest):
    """A request on a business's host: `business` says which."""

    business: BusinessOnHost


def on_business_host(request: HttpRequest) -> BusinessRequest:
    """The same request, typed; BusinessMiddleware sets `business` on each one."""
    return cast("BusinessRequest", request)
