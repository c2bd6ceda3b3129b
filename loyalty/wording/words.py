"""What is said of one refusal: the form of an entry in the table of refusals."""

from collections.abc import Mapping
from dataclasses import dataclass, field
from typing import TYPE_CHECKING

from django.utils.translation import gettext_lazy as _

if TYPE_CHECKING:
    # A text that waits for its language; those with two forms choose by a number in what is said.
    from django_stubs_ext import StrPromise

CONFLICT = 409


@dataclass(frozen=True, slots=True)
class PageWords:
    """What a page says: a title, and below it what to do next; the sentence itself without one."""

    title: "StrPromise"
    next_step: "StrPromise | None" = None
    # Of the answer over HTTP.
    status: int = CONFLICT


NOT_POSSIBLE = PageWords(_("That is not possible"))


@dataclass(frozen=True, slots=True)
class Variant:
    """What is said where the general words would mislead; None is as in general."""

    sentence: "StrPromise | None" = None
    page: PageWords | None = None


@dataclass(frozen=True, slots=True)
class RefusalWords:
    """A refusal in words.

    `meaning` is for programmers: the description of its code in the schema and in docs/errors.md.
    `sentence` is for people, and says it all; a page without words of its own says it, too.
    `of_money` is the sentence where `details` have an amount and its currency. The `variants` are
    by `details["what"]`, or by the `field`.
    """

    meaning: str
    sentence: "StrPromise"
    page: PageWords = NOT_POSSIBLE
    of_money: "StrPromise | None" = None
    variants: Mapping[str, Variant] = field(default_factory=dict)
