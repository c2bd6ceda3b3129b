"""The schema explains itself: every type, field, argument and value in a sentence."""

from collections.abc import Iterator

import pytest
from graphql import (
    GraphQLArgument,
    GraphQLEnumType,
    GraphQLInputObjectType,
    GraphQLInterfaceType,
    GraphQLObjectType,
)

from graphql_api.schema import schema

SHORTEST = 3
TYPES = {
    name: kind
    for name, kind in schema._schema.type_map.items()  # noqa: SLF001  Strawberry has no other way
    if not name.startswith("__") and name not in {"Boolean", "Int", "String", "ID", "Float"}
}
OWNERS = (GraphQLObjectType, GraphQLInterfaceType, GraphQLInputObjectType)


def said() -> Iterator[tuple[str, str | None]]:
    """Every described thing of the schema by its name."""
    for name, kind in TYPES.items():
        yield name, kind.description
        if isinstance(kind, GraphQLEnumType):
            yield from (
                (f"{name}.{each}", value.description) for each, value in kind.values.items()
            )
        if isinstance(kind, OWNERS):
            for each, field in kind.fields.items():
                yield f"{name}.{each}", field.description
                arguments: dict[str, GraphQLArgument] = getattr(field, "args", {})
                for word, argument in arguments.items():
                    yield f"{name}.{each}({word})", argument.description


@pytest.mark.parametrize(("name", "text"), list(said()))
def test_it_is_a_sentence(name: str, text: str | None) -> None:
    assert text, name
    if name == "DateTime":
        return
    assert text.endswith((".", ":", "…`.")), f"{name}: {text}"
    assert text[0].isupper() or text[0] == "`", f"{name}: {text}"
    assert len(text.split()) >= SHORTEST, f"{name}: {text}"
