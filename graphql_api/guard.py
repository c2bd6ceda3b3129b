"""One extension: caches for parsing and validation, limits, and errors fit for callers' eyes."""

import hashlib
import logging
import traceback
from collections.abc import Iterator

from django.db import InterfaceError, OperationalError
from graphql import DocumentNode, GraphQLError
from strawberry.extensions import MaskErrors, ParserCache, ValidationCache
from strawberry.schema.exceptions import CannotGetOperationTypeError, InvalidOperationTypeError
from strawberry.types.execution import ExecutionContext
from strawberry.types.graphql import OperationType

from graphql_api.errors import PublicError
from graphql_api.limits import MAX_MUTATIONS, MAX_TOKENS, judge

log = logging.getLogger("graphql_api")
CACHED_DOCUMENTS = 512
_MOST_ERRORS = 5
_CALLERS_MISTAKES = (GraphQLError, CannotGetOperationTypeError, InvalidOperationTypeError)


def is_internal(error: GraphQLError) -> bool:
    """True for errors that are ours, not the caller's, and must not be shown.

    An error without a path was raised before any resolver ran, by a value that a scalar refused.
    """
    original = error.original_error
    if isinstance(original, ValueError) and error.path is None:
        return False
    return original is not None and not isinstance(original, _CALLERS_MISTAKES)


class Guard(ParserCache, ValidationCache, MaskErrors):
    """What every operation passes; made anew for each, with caches shared by the process."""

    execution_context: ExecutionContext

    def __init__(self) -> None:
        ParserCache.__init__(self, maxsize=CACHED_DOCUMENTS)
        ValidationCache.__init__(self, maxsize=CACHED_DOCUMENTS)
        MaskErrors.__init__(self, should_mask_error=is_internal)

    def anonymise_error(self, error: GraphQLError) -> GraphQLError:
        """The error as callers see it: whether trying again helps, and no more."""
        is_away = isinstance(error.original_error, (OperationalError, InterfaceError))
        code = "UNAVAILABLE" if is_away else "INTERNAL"
        return GraphQLError(
            "Try again in a moment." if is_away else "Something went wrong on our side.",
            nodes=error.nodes,
            path=error.path,
            extensions={"code": code},
        )

    def on_operation(self) -> Iterator[None]:
        """Limit the tokens that the parser takes, and mask internal errors afterwards."""
        self.execution_context.parse_options["max_tokens"] = MAX_TOKENS
        yield from super().on_operation()

    def on_parse(self) -> Iterator[None]:
        """Parse, or find the document in the cache."""
        context = self.execution_context
        try:
            context.graphql_document = self.cached_parse_document(
                context.query, **context.parse_options
            )
        except GraphQLError:
            # Over a stream, Strawberry turns only what its own parsing raises into an answer; an
            # error out of an extension became a traceback in the log.
            if not context.context.is_live:
                raise
        yield

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
    if not context.context.is_live and context.operation_type is OperationType.SUBSCRIPTION:
        return PublicError("LIMIT_EXCEEDED", "Subscriptions go to a socket or /graphql/stream.")
    if verdict.is_too_complex:
        return PublicError("LIMIT_EXCEEDED", "This document asks for too much at once.")
    if verdict.mutations > MAX_MUTATIONS:
        # Otherwise one document could guess a hundred codes.
        return PublicError("LIMIT_EXCEEDED", "One mutation a document, outside fragments.")
    if verdict.introspects and not context.context.may_explore():
        return PublicError("FORBIDDEN", "Introspection needs a sign-in and a plan with API.")
    return None


def log_errors(errors: list[GraphQLError], operation: str | None) -> None:
    """One short line for each error: its code, never the document or a value of the caller's.

    The operation's name is the caller's text too: its digest tells one operation from another.
    """
    name = hashlib.sha256((operation or "").encode("utf-8", "replace")).hexdigest()[:8]
    for error in errors[:_MOST_ERRORS]:
        code = (error.extensions or {}).get("code", "INTERNAL" if is_internal(error) else "BAD")
        if is_internal(error) and error.original_error is not None:
            # The frames without the error's own text, which may quote a row or an input.
            frames = "".join(traceback.format_tb(error.original_error.__traceback__)[-3:])
            kind = type(error.original_error).__name__
            log.error("GraphQL %s failed: %s %s", name, kind, frames)
        else:
            log.info("GraphQL %s: %s", name, code)
