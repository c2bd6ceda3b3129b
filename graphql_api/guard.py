"""One extension: caches for parsing and validation, limits, and errors fit for callers' eyes."""

import hashlib
import logging
import traceback
from collections.abc import Iterator

from django.db import InterfaceError, OperationalError
from graphql import ExecutionResult as GraphQLResult
from graphql import GraphQLError
from strawberry.exceptions import MissingQueryError
from strawberry.extensions import MaskErrors
from strawberry.schema.exceptions import CannotGetOperationTypeError, InvalidOperationTypeError
from strawberry.types.execution import ExecutionContext
from strawberry.types.graphql import OperationType

from graphql_api import technical
from graphql_api.dear import one_at_once
from graphql_api.denied import no_exploring
from graphql_api.documents import Documents, Known
from graphql_api.errors import PublicError
from graphql_api.excess import too_much_asked
from graphql_api.limits import MAX_MUTATIONS, MAX_TOKENS, Verdict
from graphql_api.spending import out_of_time
from loyalty.db import deadline
from loyalty.db.deadline import TimeIsUpError

log = logging.getLogger("graphql_api")
_MOST_ERRORS = 5
_CALLERS_MISTAKES = (
    GraphQLError,
    CannotGetOperationTypeError,
    InvalidOperationTypeError,
    MissingQueryError,
)


def is_internal(error: GraphQLError) -> bool:
    """True for errors that are ours, not the caller's, and must not be shown.

    An error without a path was raised before any resolver ran, by a value that a scalar refused.
    """
    original = error.original_error
    if isinstance(original, ValueError) and error.path is None:
        return False
    return original is not None and not isinstance(original, _CALLERS_MISTAKES)


documents = Documents()


class Guard(MaskErrors):
    """What every operation passes; made for each, with what it knows shared by the process."""

    execution_context: ExecutionContext
    _known: Known

    def __init__(self) -> None:
        super().__init__(should_mask_error=is_internal)

    def anonymise_error(self, error: GraphQLError) -> GraphQLError:
        """The error as callers see it: whether trying again helps, and no more."""
        if isinstance(error.original_error, TimeIsUpError):
            return out_of_time()
        is_away = isinstance(error.original_error, (OperationalError, InterfaceError))
        code = "UNAVAILABLE" if is_away else "INTERNAL"
        return GraphQLError(
            technical.AWAY if is_away else technical.FAILED,
            nodes=error.nodes,
            path=error.path,
            extensions={"code": code},
        )

    def on_parse(self) -> Iterator[None]:
        """Parse and measure a document once, however often it comes."""
        context = self.execution_context
        query = context.query or ""
        try:
            self._known = documents.known(query)
            context.graphql_document = self._known.document
        except GraphQLError:
            if not context.context.is_live:
                raise
            # Over a stream, Strawberry answers only what its own parsing raises; an error out of
            # an extension is a traceback in the log. So it shall fail once more by itself.
            context.parse_options["max_tokens"] = MAX_TOKENS
        yield

    def on_validate(self) -> Iterator[None]:
        """Refuse what is too complex before any rule walks through it; validate the rest once."""
        context, known = self.execution_context, self._known
        if refused := _refused(known.verdict, context) or _unnamed(known, context):
            context.pre_execution_errors = [refused]
        else:
            schema = context.schema._schema  # noqa: SLF001  as Strawberry's own cache reads it
            context.pre_execution_errors = known.mistakes(schema)
            context.context.spending.row_values = known.verdict.row_values
        yield

    def on_execute(self) -> Iterator[None]:
        """What was stopped on its way has one error, and no half of an answer."""
        with one_at_once(0 if self.execution_context.context.is_live else self._known.verdict.rows):
            yield
        context, running = self.execution_context, deadline.running()
        stopped = context.context.spending.stopped
        if running is not None and running.was_missed:
            stopped = out_of_time()
        if stopped is not None and not context.context.is_live:
            context.result = GraphQLResult(data=None, errors=[stopped])


def _unnamed(known: Known, context: ExecutionContext) -> PublicError | None:
    if known.operations > 1 and context._provided_operation_name is None:  # noqa: SLF001  the public name falls back to the first one's
        return PublicError(
            "OPERATION_RESOLUTION_FAILURE",
            technical.SEVERAL_OPERATIONS,
        )
    return None


def _refused(verdict: Verdict, context: ExecutionContext) -> GraphQLError | None:
    if context.context.is_live and not verdict.only_subscribes:
        return PublicError("LIMIT_EXCEEDED", technical.NOT_BY_SOCKET)
    if not context.context.is_live and context.operation_type is OperationType.SUBSCRIPTION:
        return PublicError("LIMIT_EXCEEDED", technical.BY_SOCKET)
    if verdict.is_too_complex:
        return too_much_asked(verdict.excesses)
    if verdict.mutations > MAX_MUTATIONS:
        # Otherwise one document could guess a hundred codes.
        return PublicError("LIMIT_EXCEEDED", technical.ONE_MUTATION)
    if verdict.introspects and not context.context.may_explore():
        caller = context.context
        return no_exploring(has_api=caller.business.has_api, language=caller.language)
    return None


def log_errors(errors: list[GraphQLError], operation: str | None) -> None:
    """One short line for each error: its code, never the document or a value of the caller's.

    The operation's name is the caller's text too: its digest tells one operation from another.
    """
    name = hashlib.sha256((operation or "").encode("utf-8", "replace")).hexdigest()[:8]
    for error in errors[:_MOST_ERRORS]:
        code = (error.extensions or {}).get("code", "INTERNAL" if is_internal(error) else "BAD")
        if isinstance(error.original_error, TimeIsUpError):
            log.warning("GraphQL %s: TIMEOUT", name)
        elif is_internal(error) and error.original_error is not None:
            # The frames without the error's own text, which may quote a row or an input.
            frames = "".join(traceback.format_tb(error.original_error.__traceback__)[-3:])
            kind = type(error.original_error).__name__
            log.error("GraphQL %s failed: %s %s", name, kind, frames)
        else:
            log.info("GraphQL %s: %s", name, code)
