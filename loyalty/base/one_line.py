"""Names and other words that stand in one line: on a button, in a list, in a mail's subject."""

import unicodedata

from loyalty.base.errors import InvalidInput

# Inside words of some languages, and between the parts of a picture letter.
_JOINERS = "\u200c\u200d"
# Flags of regions are spelled with these.
_TAGS = range(0xE0020, 0xE0080)


def one_line(typed: str, *, field: str, longest: int) -> str:
    """The words, one blank between them and none around; raises InvalidInput with the field.

    Line breaks and other controls are refused, and so are marks that turn the direction of the
    text around: what stands behind the name would be read backwards.
    """
    words = typed.strip()
    if reason := why_not_one_line(words, longest=longest):
        limit = {"limit": longest} if reason == "length" else {}
        raise InvalidInput(details={"field": field, "reason": reason, **limit})
    return " ".join(words.split())


def why_not_one_line(words: str, *, longest: int) -> str | None:
    """`length` or `characters`, for what is no name; None for what is one."""
    if not 0 < len(words) <= longest:
        return "length"
    if not all(map(_is_shown, words)) or not any(map(_is_seen, words)):
        return "characters"
    return None


def neutral(text: str) -> str:
    """The text in one line, whatever is in it: what would break the line is a blank."""
    return " ".join("".join(sign if _is_shown(sign) else " " for sign in text).split())


def _is_shown(sign: str) -> bool:
    if sign in _JOINERS or ord(sign) in _TAGS:
        return True
    # Controls, marks of direction, halves of letters, private letters, ends of lines.
    return unicodedata.category(sign) not in {"Cc", "Cf", "Cs", "Co", "Zl", "Zp"}


def _is_seen(sign: str) -> bool:
    return unicodedata.category(sign)[0] not in "ZCM"
