"""What staff may choose to switch on a device with (docs/rules.md#devices)."""

import unicodedata
from itertools import pairwise

from loyalty.base.errors import InvalidInput

SHORTEST, LONGEST = 4, 6


def cleaned(typed: str) -> str:
    """The digits of a passcode in Latin script; raises InvalidInput.

    4 to 6 digits; not all the same, and not counted up or down, which is what is guessed first.
    """
    digits = in_latin_digits(typed)
    if not SHORTEST <= len(digits) <= LONGEST or not digits.isdecimal():
        raise _refused("length")
    steps = {int(after) - int(before) for before, after in pairwise(digits)}
    if steps in ({0}, {1}, {-1}):
        raise _refused("easy")
    return digits


def in_latin_digits(typed: str) -> str:
    """The same text with any script's digits in Latin ones and without blanks around it."""
    return "".join(
        str(unicodedata.decimal(sign)) if sign.isdecimal() else sign for sign in typed.strip()
    )


def _refused(reason: str) -> InvalidInput:
    return InvalidInput(details={"field": "passcode", "reason": reason})
