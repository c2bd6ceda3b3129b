"""Documents as this process knows them: parsed, measured and validated once, and few bytes of them.

What somebody sends once is forgotten again: what is kept is bounded by what it takes in memory.
"""

from collections import OrderedDict
from dataclasses import dataclass, field
from threading import Lock

from graphql import (
    DocumentNode,
    GraphQLError,
    GraphQLSchema,
    OperationDefinitionNode,
    parse,
    specified_rules,
    validate,
)
from strawberry.schema.validation_rules.maybe_null import MaybeNullValidationRule
from strawberry.schema.validation_rules.one_of import OneOfInputValidationRule

from graphql_api.error_codes import set_code
from graphql_api.limits import MAX_TOKENS, Verdict, judge

# Each error costs time and quotes the document; who has made five mistakes can mend those first.
MOST_ERRORS = 5
KEPT_BYTES = 16 * 1024 * 1024
# Longer ones are looked at each time: a few of them would push all others out.
_LONGEST_KEPT = 8_192
_LONGEST_MESSAGE = 300
# Measured: 360 to 660 bytes for a token with its nodes, and up to 4 for a character of a text.
_TOKEN, _CHARACTER, _DOCUMENT = 700, 4, 20_000
_RULES = (*specified_rules, MaybeNullValidationRule, OneOfInputValidationRule)


@dataclass(slots=True)
class Known:
    """A document as this process knows it; `errors` once it was validated."""

    document: DocumentNode
    verdict: Verdict
    operations: int
    size: int
    errors: list[GraphQLError] | None = None

    def mistakes(self, schema: GraphQLSchema) -> list[GraphQLError]:
        """What is wrong with it, the first few mistakes; found once."""
        if self.errors is None:
            self.errors = _mistakes(schema, self.document)
        return list(self.errors)


def look(query: str) -> Known:
    """Parse and measure a document; raises GraphQLError."""
    document = parse(query, max_tokens=MAX_TOKENS)
    operations = sum(isinstance(node, OperationDefinitionNode) for node in document.definitions)
    size = _DOCUMENT + _CHARACTER * len(query) + _TOKEN * _tokens(document)
    return Known(document, judge(document), operations, size)


@dataclass
class Documents:
    """The documents that were asked for last, at most `most` bytes of them."""

    most: int = KEPT_BYTES
    size: int = field(default=0, init=False)
    _known: OrderedDict[str, Known] = field(default_factory=OrderedDict, init=False)
    _lock: Lock = field(default_factory=Lock, init=False)

    def known(self, query: str) -> Known:
        """The document, parsed now or before; raises GraphQLError for what is none."""
        with self._lock:
            if query in self._known:
                self._known.move_to_end(query)
                return self._known[query]
        found = look(query)
        if len(query) <= _LONGEST_KEPT:
            self._keep(query, found)
        return found

    def forget(self) -> None:
        """Know none any more."""
        with self._lock:
            self._known.clear()
            self.size = 0

    def __len__(self) -> int:
        return len(self._known)

    def _keep(self, query: str, found: Known) -> None:
        with self._lock:
            if query in self._known:
                return
            self._known[query] = found
            self.size += found.size
            while self.size > self.most:
                _, oldest = self._known.popitem(last=False)
                self.size -= oldest.size


def _mistakes(schema: GraphQLSchema, document: DocumentNode) -> list[GraphQLError]:
    found = validate(schema, document, _RULES, max_errors=MOST_ERRORS, hide_suggestions=True)
    for error in found:
        # A wrong value is quoted whole, with a line for each of its parts.
        if len(error.message) > _LONGEST_MESSAGE:
            error.message = error.message[:_LONGEST_MESSAGE] + "…"
        set_code(error, "GRAPHQL_VALIDATION_FAILED")
    return found


def _tokens(document: DocumentNode) -> int:
    token = document.loc.start_token if document.loc else None
    count = 0
    while token:
        count, token = count + 1, token.next
    return count
