"""Origins of a business's own front ends, as browsers send them."""

from urllib.parse import urlsplit

from django.core.exceptions import ValidationError

_PORTS = {"http": 80, "https": 443}


def normalised(origin: str) -> str | None:
    """The origin as a browser sends it: lower case, no usual port; None when it is not one."""
    try:
        parts = urlsplit(origin.strip())
        port = parts.port
    except ValueError:
        return None
    rest = parts.path.rstrip("/") or parts.query or parts.fragment or parts.username
    if parts.scheme not in _PORTS or not parts.hostname or rest:
        return None
    shown = f":{port}" if port and port != _PORTS[parts.scheme] else ""
    return f"{parts.scheme}://{parts.hostname}{shown}"


def check_origins(value: object) -> None:
    """Raise ValidationError for anything but a list of origins."""
    if not isinstance(value, list) or not all(isinstance(each, str) for each in value):
        raise ValidationError('Write a list such as ["https://shop.example"].')
    for each in value:
        if normalised(each) is None:
            raise ValidationError(f"{each} is not an origin such as https://shop.example")


def readable(value: object) -> frozenset[str]:
    """The origins of a stored list; whatever is not one is left out."""
    found = (
        (normalised(each) for each in value if isinstance(each, str))
        if isinstance(value, list)
        else ()
    )
    return frozenset(each for each in found if each)
