"""The codes of refusals, each with its meaning: programs decide by them."""

from enum import Enum

from graphql_api.described import described
from loyalty.wording import REFUSALS


@described(
    "Why something was refused; a code never changes its meaning.",
    {kind.code: words.meaning for kind, words in REFUSALS.items()},
)
class RefusalCode(Enum):
    """The stable codes: those of the classes."""

    _ignore_ = "kind"
    for kind in REFUSALS:
        vars()[kind.code] = kind.code
