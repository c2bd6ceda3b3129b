"""Which limits a document is beyond, and the sentence that says so."""

from collections.abc import Sequence
from typing import NamedTuple

from graphql_api.errors import PublicError

# Nothing is counted further, however large it is.
CEILING = 10**9
# What each limit counts: in a sentence behind the number, and for anybody who looks it up.
COUNTED = {
    "aliases": ("aliases", "Fields with an alias, each spread of a fragment counted."),
    "fields": ("fields", "Fields, each spread of a fragment counted."),
    "depth": ("levels of fields", "Fields within fields within fields."),
    "rows": (
        "rows",
        (
            "Rows that its lists may have together: each list at its `first`, at 100 or its usual"
            " number without one, once for each row of the list around it; what costs more to read"
            " counts as several."
        ),
    ),
    "values": ("values outside of lists", "Fields whose value is not in a list."),
    "fragments": ("fragments", "Definitions of fragments."),
    "spreads": ("spreads of fragments", "Places where fragments are spread."),
    "directives": ("directives", "Directives, such as `@include`."),
    "keys": ("arguments or keys side by side", "Arguments of one field, or keys of one object."),
    "repeats": ("fields asked for again", "Fields that stand beside themselves."),
}


class Excess(NamedTuple):
    """One limit that a document is beyond."""

    name: str
    has: int
    allowed: int

    def words(self) -> str:
        """What there is, and what is allowed."""
        has = f"more than {CEILING:,}" if self.has >= CEILING else f"{self.has:,}"
        return f"{has} {COUNTED[self.name][0]}, where {self.allowed:,} are allowed"


def too_much_asked(excesses: Sequence[Excess]) -> PublicError:
    """LIMIT_EXCEEDED with every limit that the document is beyond."""
    text = f"This document has {'; '.join(each.words() for each in excesses)}."
    if any(each.name == "rows" for each in excesses):
        text += " Give lists within lists a `first`."
    limits = [each._asdict() for each in excesses]
    return PublicError("LIMIT_EXCEEDED", text, limits=limits)
