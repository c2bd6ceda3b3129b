"""Opaque global ids: what they mean is checked again in the caller's own business."""

import re
from base64 import b64decode, b64encode
from binascii import Error

from loyalty.base.errors import NotFound

_LARGEST = 2**63 - 1
_FORM = re.compile(r"([A-Za-z]{1,40}):([0-9]{1,19})")


def global_id(kind: str, number: int) -> str:
    """The id that clients see."""
    return b64encode(f"{kind}:{number}".encode()).decode()


def parse(text: str) -> tuple[str, int]:
    """Kind and number of a global id; raises NotFound for anything else."""
    try:
        found = _FORM.fullmatch(b64decode(text, validate=True).decode("ascii"))
    except (Error, ValueError):
        raise NotFound from None
    if not found or int(found[2]) > _LARGEST:
        raise NotFound
    return found[1], int(found[2])


def number(text: str, kind: str, *, field: str = "") -> int:
    """The number of an id of this kind; raises NotFound, which names the `field`, for another."""
    try:
        found, value = parse(text)
    except NotFound:
        found, value = "", 0
    if found != kind:
        raise NotFound(details={"field": field} if field else None)
    return value


def optional(text: str | None, kind: str, *, field: str = "") -> int | None:
    """The same for an id that may be left out."""
    return None if text is None else number(text, kind, field=field)
