"""Which language to answer in."""

from functools import lru_cache

from django.http import HttpRequest
from django.utils.translation import get_language_from_request


@lru_cache(maxsize=512)
def language_of(accept_language: str, default: str) -> str:
    """The best language for an Accept-Language header, else the business's own."""
    if not accept_language:
        return default
    request = HttpRequest()
    request.META["HTTP_ACCEPT_LANGUAGE"] = accept_language[:200]
    return get_language_from_request(request)
