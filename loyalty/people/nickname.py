# ruff: noqa: RUF001  look-alikes are the matter of this file
"""Names for the leaderboard: whatever people like to be called, and never an address.

One name is written in one alphabet, and two names do not look alike. The rule is that of Unicode's
report 39 ("highly restrictive"), its table of look-alikes cut down to the alphabets in use here.
"""

import unicodedata

from loyalty.base.errors import InvalidInput

SHORTEST, LONGEST = 2, 30
LONGEST_SKELETON = 120
# Letters and signs that show nothing.
_BLANK = dict.fromkeys(map(ord, "\u115f\u1160\u2800\u3164\uffa0\U0001d159"), " ")
# Marks that show nothing by themselves, besides those of the category Cf.
HIDDEN = "\u034f\u17b4\u17b5" + "".join(
    chr(sign)
    for first, last in ((0x180B, 0x180F), (0xFE00, 0xFE0F), (0xE0100, 0xE01EF))
    for sign in range(first, last + 1)
)

# Scripts that are written together; a name keeps to one line of this.
_TOGETHER = (
    frozenset({"LATIN", "CJK", "HIRAGANA", "KATAKANA", "KATAKANA-HIRAGANA", "IDEOGRAPHIC"}),
    frozenset({"LATIN", "CJK", "HANGUL"}),
    frozenset({"LATIN", "CJK", "BOPOMOFO"}),
)
# Letters that look like a Latin one, small or large, after case folding.
_LIKE = {
    "авеѕіјкмнорстухһԁԛԝӏ": "abesijkmhopctyxhdqwl",
    "αβεζηικμνορτυχ": "abezhikmnoptyx",
    "օսոհցզ": "ounhgq",
    "ıɑɡ01": "iagol",
}
_SKELETON = {
    ord(sign): like
    for signs, likes in _LIKE.items()
    for sign, like in zip(signs, likes, strict=True)
}
# One stroke each; a large I looks like a small l, and is the same letter as a small i.
STROKES = "i|ǀ∣"
STROKE = "l"
# What may stand between letters without making another name of them: "A n a" is Ana.
SEPARATORS = " .-_"
# Who speaks for the business or the product; in a name of several words, none of them may.
_RESERVED = ("admin", "administrator", "staff", "owner", "manager", "support", "plusone")


def cleaned(typed: str) -> str:
    """The name as it is shown, empty for none; raises InvalidInput.

    One spelling for what looks the same in another width; marks that turn the direction of the
    text around, and others that show nothing, are left out.
    """
    text = unicodedata.normalize("NFKC", typed.translate(_BLANK))
    shown = "".join(sign for sign in text if not _is_hidden(sign))
    if any(not sign.isprintable() for sign in shown):
        raise refused("characters")
    if "<" in shown or ">" in shown:
        raise refused("markup")
    name = unicodedata.normalize("NFKC", " ".join(shown.split()))
    if name and not SHORTEST <= len(name) <= LONGEST:
        raise refused("length")
    if "@" in name:
        raise refused("address")
    if name and all(unicodedata.category(sign)[0] == "M" for sign in name):
        raise refused("characters")
    if not _is_one_alphabet(name):
        raise refused("scripts")
    return name


def skeleton(name: str) -> str:
    """What two names have in common that look alike; of a cleaned name."""
    # Taken apart first: an accent on a Cyrillic letter is one on the Latin letter it looks like.
    folded = unicodedata.normalize("NFKD", name.casefold())
    alike = folded.translate(_SKELETON).translate(dict.fromkeys(map(ord, STROKES), STROKE))
    bare = alike.translate(dict.fromkeys(map(ord, SEPARATORS)))
    return unicodedata.normalize("NFKC", bare or alike)[:LONGEST_SKELETON]


def check_reserved(name: str, *, business: str) -> None:
    """Raise InvalidInput for a cleaned name that would pass for somebody of the business."""
    words = name.translate(dict.fromkeys(map(ord, SEPARATORS), " ")).split()
    looks = {skeleton(part) for part in (name, *words)}
    if looks & set(map(skeleton, _RESERVED)) or (name and skeleton(name) == skeleton(business)):
        raise refused("reserved")


def _is_hidden(sign: str) -> bool:
    return sign in HIDDEN or unicodedata.category(sign) == "Cf"


def _is_one_alphabet(name: str) -> bool:
    letters = [sign for sign in name if unicodedata.category(sign)[0] == "L"]
    # A letter's name begins with its script, as in "CYRILLIC SMALL LETTER A".
    scripts = {unicodedata.name(sign, "").partition(" ")[0] for sign in letters}
    return len(scripts) <= 1 or any(scripts <= together for together in _TOGETHER)


def refused(reason: str) -> InvalidInput:
    """Why not: `characters`, `markup`, `length`, `address`, `scripts`, `reserved` or `taken`."""
    return InvalidInput(details={"field": "nickname", "reason": reason})
