"""Which limits a document is beyond, and the sentence that says so."""

from collections.abc import Sequence
from typing import NamedTuple

from graphql_api import technical
from graphql_api.errors import PublicError

# Nothing is counted further, however large it is.
CEILING = 10**9


class Excess(NamedTuple):
    """One limit that a document is beyond."""

    name: str
    has: int
    allowed: int

    def words(self) -> str:
        """What there is, and what is allowed."""
        has = technical.MORE_THAN.format(most=CEILING) if self.has >= CEILING else f"{self.has:,}"
        what = technical.COUNTED[self.name][0]
        return technical.EXCESS.format(has=has, what=what, allowed=self.allowed)


def too_much_asked(excesses: Sequence[Excess]) -> PublicError:
    """LIMIT_EXCEEDED with every limit that the document is beyond."""
    text = technical.TOO_MUCH_ASKED.format(excesses="; ".join(each.words() for each in excesses))
    if any(each.name == "rows" for each in excesses):
        text += technical.GIVE_FIRST
    limits = [each._asdict() for each in excesses]
    return PublicError("LIMIT_EXCEEDED", text, limits=limits)
