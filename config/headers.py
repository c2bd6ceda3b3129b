"""The headers of a request, so that every reader of them reads the same.

WSGI writes `-` as `_`: what a stranger sends as X_Forwarded_For would stand where a proxy's
X-Forwarded-For is looked up. And a header that comes in several lines is one list.
"""

from collections.abc import Iterable

from starlette.types import Scope

_Header = tuple[bytes, bytes]


def with_plain_headers(scope: Scope) -> Scope:
    """The scope without headers that have `_` in their names, and each name once."""
    return {**scope, "headers": _joined(scope["headers"])}


def _joined(headers: Iterable[_Header]) -> list[_Header]:
    found: dict[bytes, list[bytes]] = {}
    for name, value in headers:
        if b"_" not in name:
            found.setdefault(name.lower(), []).append(value)
    return [
        (name, (b"; " if name == b"cookie" else b", ").join(lines)) for name, lines in found.items()
    ]
