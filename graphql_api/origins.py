"""Which other sites' scripts may call this business's API: those that it listed, by bearer only."""

from strawberry.http.websocket_origin import is_same_origin, normalize_origin

from tenants.hosts import BusinessOnHost

PREFLIGHT_SECONDS = 600


def is_listed(business: BusinessOnHost, origin: str) -> bool:
    """True for an origin that the business listed as its own front end."""
    return normalize_origin(origin) in business.origins


def is_own(origin: str | None, host: str) -> bool:
    """True for our own pages, and for clients that are no browser."""
    return origin is None or is_same_origin(origin, host)


def cors_headers(business: BusinessOnHost, origin: str | None) -> dict[str, str]:
    """The headers that let a listed origin read the answer; cookies are never allowed along."""
    if origin is None or not is_listed(business, origin):
        return {}
    return {
        "Access-Control-Allow-Origin": origin,
        "Access-Control-Expose-Headers": "Retry-After",
        "Vary": "Origin",
    }


def preflight_headers(business: BusinessOnHost, origin: str | None) -> dict[str, str]:
    """The answer to a browser that asks before it sends; empty for an origin not listed."""
    headers = cors_headers(business, origin)
    if not headers:
        return {}
    return headers | {
        "Access-Control-Allow-Methods": "GET, POST",
        "Access-Control-Allow-Headers": "authorization, content-type, accept-language",
        "Access-Control-Max-Age": str(PREFLIGHT_SECONDS),
    }
