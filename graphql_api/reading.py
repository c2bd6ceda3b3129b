"""Each thing is read once for each object that shows it, however many aliases ask for it.

Wraps the resolvers of a finished schema, so that no field can be forgotten; fields that only hand
out what their object has keep GraphQL's own and cost nothing more.
"""

from asyncio import ensure_future
from collections.abc import Callable
from inspect import isawaitable
from typing import Any

from graphql import (
    GraphQLField,
    GraphQLList,
    GraphQLNonNull,
    GraphQLObjectType,
    GraphQLResolveInfo,
    GraphQLSchema,
    default_field_resolver,
)

Resolver = Callable[..., Any]
# The attribute in which an object keeps what was read for it.
_KEPT = "_read_once"


def read_once(schema: GraphQLSchema) -> None:
    """Wrap all fields of queries that read something or are lists."""
    writes = {schema.mutation_type, schema.subscription_type}
    for kind in schema.type_map.values():
        if isinstance(kind, GraphQLObjectType) and not kind.name.startswith("__"):
            for name, field in kind.fields.items():
                _wrap(name, field, is_kept=kind not in writes)


def _wrap(name: str, field: GraphQLField, *, is_kept: bool) -> None:
    resolve = field.resolve or default_field_resolver
    if is_kept and _reads(field):
        resolve = _once(name, resolve)
    if _is_list(field):
        resolve = _counted(resolve)
    field.resolve = resolve


def _reads(field: GraphQLField) -> bool:
    definition = field.extensions.get("strawberry-definition")
    return getattr(definition, "base_resolver", None) is not None


def _is_list(field: GraphQLField) -> bool:
    found = field.type.of_type if isinstance(field.type, GraphQLNonNull) else field.type
    return isinstance(found, GraphQLList)


def _once(name: str, resolve: Resolver) -> Resolver:
    def resolved(source: Any, info: GraphQLResolveInfo[Any], **given: Any) -> Any:
        context: Any = info.context
        context.spending.check()
        # A socket's context outlives the things that it shows: there, each keeps its own.
        kept = source.__dict__.setdefault(_KEPT, {}) if context.is_live else context.read_once
        # One alias may ask for other rows than the next.
        key = (id(source), name, *given.items())
        if key not in kept:
            # With the source: its id is its own as long as it lives.
            kept[key] = (source, _Outcome(lambda: resolve(source, info, **given)))
        return kept[key][1].again()

    return resolved


class _Outcome:
    """What says the same again: the value that was read, or the error that was raised."""

    __slots__ = ("_error", "_value")

    def __init__(self, read: Callable[[], Any]) -> None:
        self._error: Exception | None = None
        self._value: Any = None
        try:
            found = read()
        except Exception as error:  # noqa: BLE001  raised for each that asks
            self._error = error
        else:
            # Where a stream reads in a thread, several may wait for one reading.
            self._value = ensure_future(found) if isawaitable(found) else found

    def again(self) -> Any:
        """The value; raises the error."""
        if self._error is not None:
            raise self._error
        return self._value


def _counted(resolve: Resolver) -> Resolver:
    def resolved(source: Any, info: GraphQLResolveInfo[Any], **given: Any) -> Any:
        spending = info.context.spending
        spending.check()
        found = resolve(source, info, **given)
        # What a stream shows is bounded before it begins.
        if found is not None and not info.context.is_live:
            spending.add_rows(len(found), info.field_nodes)
        return found

    return resolved
