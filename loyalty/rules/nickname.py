"""Names for the leaderboard: whatever people like to be called, and never an address."""

import unicodedata

from loyalty.errors import InvalidInput

SHORTEST, LONGEST = 2, 30
# Letters and signs that show nothing.
_BLANK = dict.fromkeys(map(ord, "\u115f\u1160\u2800\u3164\uffa0"), " ")


def cleaned(typed: str) -> str:
    """The name as it is shown, empty for none; raises InvalidInput.

    One spelling for what looks the same in another width; marks that turn the direction of the
    text around, and others that show nothing, are left out.
    """
    text = unicodedata.normalize("NFKC", typed.translate(_BLANK))
    shown = "".join(sign for sign in text if unicodedata.category(sign) != "Cf")
    if any(not sign.isprintable() for sign in shown):
        raise refused("characters")
    name = unicodedata.normalize("NFKC", " ".join(shown.split()))
    if name and not SHORTEST <= len(name) <= LONGEST:
        raise refused("length")
    if "@" in name:
        raise refused("address")
    if name and all(unicodedata.category(sign)[0] == "M" for sign in name):
        raise refused("characters")
    return name


def refused(reason: str) -> InvalidInput:
    """Why a nickname cannot be had: `characters`, `length`, `address` or `taken`."""
    return InvalidInput(details={"field": "nickname", "reason": reason})
