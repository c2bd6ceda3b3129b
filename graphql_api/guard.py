"""One extension: caches for parsing and validation, limits, and errors fit for callers' eyes."""

import logging
import traceback
from collections.abc import Iterator

from graphql import DocumentNode, GraphQLError
from strawberry.extensions import MaskErrors, ParserCache, ValidationCache
from strawberry.types.execution import ExecutionContext

from graphql_api.errors import PublicError
from graphql_api.limits import MAX_MUTATIONS, MAX_TOKENS, judge

log = logging.getLogger("graphql_api")
CACHED_DOCUMENTS = 512
_MOST_ERRORS = 5


def is_internal(error: GraphQLError) -> bool:
    """True for errors that are ours, not the caller's, and must not be shown."""
    original = error.original_error
    return original is not None and not isinstance(original, (PublicError, GraphQLError))


class Guard(ParserCache, ValidationCache, MaskErrors):
    """What every operation passes; made anew for each, with caches shared by the process."""

    execution_context: ExecutionContext

    def __init__(self) -> None:
        ParserCache.__init__(self, maxsize=CACHED_DOCUMENTS)
        ValidationCache.__init__(self, maxsize=CACHED_DOCUMENTS)
        MaskErrors.__init__(self, should_mask_error=is_internal)

    def on_operation(self) -> Iterator[None]:
        """Limit the tokens that the parser takes, and mask internal errors afterwards."""
        self.execution_context.parse_options["max_tokens"] = MAX_TOKENS
        yield from super().on_operation()

    def on_validate(self) -> Iterator[None]:
        """Refuse what is too complex before any rule walks through it."""
        document = self.execution_context.graphql_document
        if document is not None and (error := _refused(document, self.execution_context)):
            self.execution_context.pre_execution_errors = [error]
            yield
            return
        yield from super().on_validate()


def _refused(document: DocumentNode, context: ExecutionContext) -> GraphQLError | None:
    verdict = judge(document)
    if context.context.is_live and not verdict.only_subscribes:
        return PublicError("LIMIT_EXCEEDED", "Queries and mutations go to POST /graphql.")
    if verdict.is_too_complex:
        return PublicError("LIMIT_EXCEEDED", "This document asks for too much at once.")
    if verdict.mutations > MAX_MUTATIONS:
        # Otherwise one document could guess a hundred codes.
        return PublicError("LIMIT_EXCEEDED", "One mutation a document, outside fragments.")
    if verdict.introspects and not context.context.may_explore():
        return PublicError("FORBIDDEN", "Introspection needs a sign-in and a plan with API.")
    return None


def log_errors(errors: list[GraphQLError], operation: str | None) -> None:
    """One short line for each error: its code, never the document or a value of the caller's."""
    for error in errors[:_MOST_ERRORS]:
        code = (error.extensions or {}).get("code", "INTERNAL" if is_internal(error) else "BAD")
        if is_internal(error) and error.original_error is not None:
            # The frames without the error's own text, which may quote a row or an input.
            frames = "".join(traceback.format_tb(error.original_error.__traceback__)[-3:])
            kind = type(error.original_error).__name__
            log.error("GraphQL %s failed: %s %s", (operation or "")[:60], kind, frames)
        else:
            log.info("GraphQL %s: %s", (operation or "")[:60], code)
