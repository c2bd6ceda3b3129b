"""Whether the beginning of a file is text, and in which encoding; nothing is guessed."""

import codecs
import re
from typing import NamedTuple

# So much of a file is looked at.
BEGINNING = 8_192
_TAR_AT = 257
# What the first bytes of files say that people take for tables.
_KINDS = (
    (b"PK\x03\x04", "workbook"),
    (b"\xd0\xcf\x11\xe0\xa1\xb1\x1a\xe1", "workbook"),
    (b"\x1f\x8b", "packed"),
    (b"BZh", "packed"),
    (b"\xfd7zXZ\x00", "packed"),
    (b"\x28\xb5\x2f\xfd", "packed"),
    (b"7z\xbc\xaf\x27\x1c", "packed"),
    (b"Rar!\x1a\x07", "packed"),
    (b"%PDF-", "document"),
    (b"{\\rtf", "document"),
    (b"\x89PNG\r\n\x1a\n", "picture"),
    (b"\xff\xd8\xff", "picture"),
    (b"GIF8", "picture"),
    (b"SQLite format 3\x00", "database"),
    (b"PAR1", "database"),
    (b"ARROW1", "database"),
)
_MARKS = (
    # UTF-32's mark begins like that of UTF-16.
    (codecs.BOM_UTF32_LE, None),
    (codecs.BOM_UTF32_BE, None),
    (codecs.BOM_UTF8, "utf-8-sig"),
    (codecs.BOM_UTF16_LE, "utf-16"),
    (codecs.BOM_UTF16_BE, "utf-16"),
)
_MARKUP = re.compile(rb"\s*<(?:!doctype|html|\?xml|table|workbook)\b", re.IGNORECASE)
_JSON = re.compile(rb"\s*(?:\{\s*[\"}]|\[\s*[\[{\]])")


class TableText(NamedTuple):
    """The encoding of a text, or in its place what the file is instead."""

    encoding: str
    kind: str = ""


def table_text(start: bytes) -> TableText:
    """What a file that begins so is: UTF-8 where no mark says otherwise."""
    for mark, encoding in _MARKS:
        if start.startswith(mark):
            return TableText(encoding) if encoding else TableText("", "wide")
    return TableText("utf-8-sig", _kind(start))


def _kind(start: bytes) -> str:
    for first, kind in _KINDS:
        if start.startswith(first):
            return kind
    if start[_TAR_AT:].startswith(b"ustar"):
        return "packed"
    if _MARKUP.match(start):
        return "markup"
    if _JSON.match(start):
        return "json"
    zeros = start.count(0)
    if zeros:
        # Every letter of western texts has one in UTF-16, three in UTF-32.
        return "wide" if zeros * 4 >= len(start) else "binary"
    return ""
