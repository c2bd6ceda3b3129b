"""Which language to answer in."""

from contextlib import suppress
from functools import lru_cache

from django.utils.translation import get_supported_language_variant
from django.utils.translation.trans_real import parse_accept_lang_header

_LONGEST_HEADER = 200


@lru_cache(maxsize=512)
def language_of(accept_language: str, default: str) -> str:
    """The best language for an Accept-Language header, else the business's own."""
    for wanted, _ in parse_accept_lang_header(accept_language[:_LONGEST_HEADER].lower()):
        if wanted == "*":
            break
        with suppress(LookupError):
            return get_supported_language_variant(wanted)
    return default
