"""What people typed, as texts that can be used."""

import unicodedata

from django.http import HttpRequest

_LONGEST = 300


def typed(request: HttpRequest, name: str) -> str:
    """The field's text; empty when it is missing, too long, or holds what no database stores."""
    text: str = request.POST.get(name, "")
    return "" if len(text) > _LONGEST or "\0" in text else text


def typed_code(request: HttpRequest, name: str = "code") -> str:
    """The field's digits, whatever was typed or pasted between them, in Latin digits."""
    return "".join(str(unicodedata.decimal(c)) for c in typed(request, name) if c.isdecimal())
