"""No list of the schema is free, and none can be asked for within itself for long."""

from collections.abc import Iterator

import pytest
from graphql import (
    GraphQLInterfaceType,
    GraphQLList,
    GraphQLObjectType,
    GraphQLUnionType,
    get_named_type,
    is_composite_type,
    parse,
)
from graphql.type import GraphQLField

from graphql_api.limits import LARGEST, LARGEST_INTROSPECTION, judge
from graphql_api.list_sizes import ROWS
from graphql_api.schema import schema

_SCHEMA = schema._schema  # noqa: SLF001  as Strawberry's own tools read it
_INTROSPECTION = "__schema"
Path = tuple[str, ...]
_BUTTONS = "presets { program { presets { id } } }"
_IN_A_FRAGMENT = (
    "{ presets { edges { node { program { ...A } } } } } fragment A on Program { " + _BUTTONS + " }"
)
_SHELF = "programs { edges { node { products { id } } } }"
_CHOICES = "me { ... on Customer { cards { bonuses { choices { id } } } } }"
_HISTORY = "me { ... on Customer { cards { history(first: #) { edges { node { text } } } } } }"
_TOLD = "anomalies { edges { node { sessions(first: #) { explanation } } } }"
_BESIDE = f"{{ a: {_SHELF} b: {_SHELF} c: {_SHELF} d: {_SHELF} }}"


def _is_list(field: GraphQLField) -> bool:
    found = field.type
    while not isinstance(found, GraphQLList) and hasattr(found, "of_type"):
        found = found.of_type
    return isinstance(found, GraphQLList) and is_composite_type(get_named_type(found))


def _fields(kind: GraphQLObjectType | GraphQLInterfaceType) -> dict[str, GraphQLField]:
    entry = {_INTROSPECTION: GraphQLField(_SCHEMA.type_map["__Schema"])}  # type: ignore[arg-type]  # an object type
    return {**kind.fields, **(entry if kind is _SCHEMA.query_type else {})}


def _objects() -> Iterator[GraphQLObjectType]:
    return (kind for kind in _SCHEMA.type_map.values() if isinstance(kind, GraphQLObjectType))


def _steps(kind: GraphQLObjectType) -> Iterator[tuple[str, GraphQLObjectType, bool]]:
    """Where a selection of this type leads: as text, as a type, and whether it is a list."""
    for name, field in _fields(kind).items():
        target = get_named_type(field.type)
        if isinstance(target, GraphQLObjectType):
            yield name, target, _is_list(field)
        if isinstance(target, GraphQLInterfaceType | GraphQLUnionType):
            for possible in _SCHEMA.get_possible_types(target):
                yield f"{name} ...{possible.name}", possible, _is_list(field)


def _ways(start: GraphQLObjectType) -> dict[str, Path]:
    """The shortest way to each type."""
    found: dict[str, Path] = {start.name: ()}
    waiting = [start]
    for kind in waiting:
        for step, target, _ in _steps(kind):
            if target.name not in found:
                found[target.name] = (*found[kind.name], step)
                waiting.append(target)
    return found


def _circles() -> list[tuple[str, Path]]:
    """Each list that leads back to the type it hangs on, by the shortest way."""
    return [
        (kind.name, (step, *_ways(target)[kind.name]))
        for kind in _objects()
        for step, target, is_list in _steps(kind)
        if is_list and kind.name in _ways(target)
    ]


def _document(path: Path, depth: int) -> str:
    text = "__typename"
    for step in reversed(path[: depth - 1]):
        name, _, kind = step.partition(" ...")
        text = f"{name} {{ ... on {kind} {{ {text} }} }}" if kind else f"{name} {{ {text} }}"
    return f"{{ {text} }}"


def test_the_table_names_every_list() -> None:
    """A page counts where its connection is asked for, not once more at its edges."""
    lists: dict[str, set[int]] = {}
    for kind in _objects():
        for name, field in kind.fields.items():
            is_page = get_named_type(field.type).name.endswith("Connection")
            if is_page or (_is_list(field) and not kind.name.endswith("Connection")):
                usual = field.args["first"].default_value if "first" in field.args else None
                lists.setdefault(name, set()).add(usual or ROWS.get(name, 0))
    assert {name: {rows} for name, rows in ROWS.items()} == lists


def test_a_list_within_itself_is_refused() -> None:
    entry, circles = _ways(_SCHEMA.query_type), _circles()  # type: ignore[arg-type]  # there is one
    assert {"Program", "__Type"} <= {kind for kind, _ in circles}
    for kind, circle in circles:
        path = (*entry[kind], *circle * 12)
        depth = (LARGEST_INTROSPECTION if _INTROSPECTION in path else LARGEST).depth
        document = _document(path, depth)
        assert judge(parse(document)).is_too_complex, document


@pytest.mark.parametrize(
    ("document", "is_refused"),
    [
        ("{ programs { edges { node { products { id } presets { id } locations { id } } } } }", 0),
        ("{ presets { edges { node { program { presets { id } } } } } }", 0),
        (f"{{ {_CHOICES} }}", 0),
        ("{ " + " ".join(f"a{n}: {_CHOICES}" for n in range(13)) + " }", 1),
        ("{ " + _HISTORY.replace("#", "30") + " }", 0),
        ("{ " + _HISTORY.replace("#", "50") + " }", 1),
        ("{ " + " ".join(f"a{n}: {_HISTORY.replace('#', '30')}" for n in range(2)) + " }", 1),
        ("{ " + _TOLD.replace("#", "20") + " }", 0),
        ("{ " + _TOLD.replace("#", "50") + " }", 1),
        ("{ programs(first: 3) { edges { node { presets { program { presets { id } } } } } } }", 0),
        ("{ programs(first: 4) { edges { node { presets { program { presets { id } } } } } } }", 1),
        ("{ programs(first: $n) { edges { node { presets { program { presets } } } } } }", 1),
        ("{ programs(last: 4) { edges { node { presets { program { presets { id } } } } } } }", 1),
        ("{ programs(first: -1) { edges { node { presets { program { presets } } } } } }", 1),
        (_IN_A_FRAGMENT, 1),
        (_BESIDE, 1),
    ],
)
def test_how_rows_are_reckoned(document: str, is_refused: int) -> None:
    text = document.replace("{ programs(first: $n", "query ($n: Int) { programs(first: $n")
    assert judge(parse(text)).is_too_complex is bool(is_refused)
