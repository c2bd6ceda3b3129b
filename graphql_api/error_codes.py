"""Gives a code to errors that the libraries raise without one."""

from graphql import FieldNode, GraphQLError, GraphQLSyntaxError
from strawberry.exceptions import MissingQueryError
from strawberry.schema.exceptions import CannotGetOperationTypeError, InvalidOperationTypeError


def set_code(error: GraphQLError, code: str) -> None:
    """Let the error carry this code, unless it has one."""
    error.extensions = {"code": code, **(error.extensions or {})}


def give_code(error: GraphQLError) -> None:
    """The code of a caller's mistake, found before a field was asked or in a field's arguments."""
    set_code(error, _code(error))


def _code(error: GraphQLError) -> str:
    if isinstance(error, GraphQLSyntaxError):
        return "GRAPHQL_PARSE_FAILED"
    match error.original_error:
        case CannotGetOperationTypeError():
            return "OPERATION_RESOLUTION_FAILURE"
        case MissingQueryError() | InvalidOperationTypeError():
            return "BAD_REQUEST"
    # A value of ours that the schema cannot say is located at its field, a caller's at the value.
    is_ours = error.path is not None and all(isinstance(n, FieldNode) for n in error.nodes or ())
    return "INTERNAL" if is_ours else "BAD_USER_INPUT"
