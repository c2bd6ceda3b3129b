"""What a device is called, so that a manager knows which one it is."""

from loyalty.errors import InvalidInput

LONGEST = 60


def cleaned(typed: str) -> str:
    """The name in one line; raises InvalidInput when it is empty, over 60 characters or unseen."""
    name = " ".join(typed.split())
    if not 0 < len(name) <= LONGEST:
        raise InvalidInput(details={"field": "name", "reason": "length", "limit": LONGEST})
    if not name.isprintable():
        raise InvalidInput(details={"field": "name", "reason": "characters"})
    return name
