"""What a statement finds is read by name: a column more or less shifts nobody's values."""

import ast
import itertools
from collections.abc import Iterator

import pytest

from tests.isolation.test_layout import sources

# What a round trip found, asked of a statement by these names.
FOUND = {"first", "only", "rows"}


def by_place(tree: ast.Module) -> Iterator[str]:
    """Where rows are taken apart by the places of their columns.

    A statement of a single column may say `row[0]`.
    """
    functions = {node.name: node for node in ast.walk(tree) if isinstance(node, ast.FunctionDef)}
    for node in ast.walk(tree):
        if isinstance(node, ast.Call) and _is_query(node.func):
            for keyword in node.keywords:
                if keyword.arg == "row":
                    yield from _of_reader(keyword.value, functions)
        if isinstance(node, ast.Subscript) and _is_found(node.value) and _is_place(node.slice):
            yield ast.unparse(node)


def lonely_clocks(tree: ast.Module) -> Iterator[str]:
    """Where the clock alone is asked for in two lines, which `database_now()` does in one."""
    for node in ast.walk(tree):
        for body in (getattr(node, "body", None), getattr(node, "orelse", None)):
            lines = [ast.unparse(each) for each in body] if isinstance(body, list) else []
            yield from (
                said
                for first, said in itertools.pairwise(lines)
                if first.endswith("= clock()") and said == f"send({first.split(' = ')[0]})"
            )


def _is_query(called: ast.expr) -> bool:
    name = called.value if isinstance(called, ast.Subscript) else called
    return isinstance(name, ast.Name) and name.id == "Query"


def _of_reader(reader: ast.expr, functions: dict[str, ast.FunctionDef]) -> Iterator[str]:
    if isinstance(reader, ast.Name) and reader.id in functions:
        read: ast.Lambda | ast.FunctionDef = functions[reader.id]
    elif isinstance(reader, ast.Lambda):
        read = reader
    else:
        return
    row = read.args.args[0].arg
    places = [node for node in ast.walk(read) if _is_taken_apart(node, row)]
    only_first = [ast.unparse(place) for place in places] == [f"{row}[0]"]
    if places and not only_first:
        yield ast.unparse(read).split("\n")[0]


def _is_taken_apart(node: ast.AST, row: str) -> bool:
    match node:
        case ast.Subscript(value=ast.Name(id=name)) | ast.Starred(value=ast.Name(id=name)):
            return name == row
        case ast.Assign(targets=[ast.Tuple()], value=ast.Name(id=name)):
            return name == row
    return False


def _is_found(value: ast.expr) -> bool:
    # `query.first[2]`, or `query.rows[0][2]`.
    inner = value.value if isinstance(value, ast.Subscript) else value
    is_row = isinstance(value, ast.Subscript) or (
        isinstance(inner, ast.Attribute) and inner.attr != "rows"
    )
    return isinstance(inner, ast.Attribute) and inner.attr in FOUND and is_row


def _is_place(place: ast.expr) -> bool:
    return isinstance(place, ast.Slice | ast.UnaryOp) or (
        isinstance(place, ast.Constant) and isinstance(place.value, int)
    )


def test_nobody_counts_the_columns_of_a_statement() -> None:
    found = {f"{name}: {said}" for name, tree in sources("loyalty") for said in by_place(tree)}
    assert found == set()


def test_the_clock_alone_is_asked_for_in_one_line() -> None:
    folders = ("loyalty", "graphql_api", "console", "hosting")
    found = {
        f"{name}: {said}"
        for folder in folders
        for name, tree in sources(folder)
        for said in lonely_clocks(tree)
        # `database_now()` itself is written so.
        if name != "loyalty.db.roundtrip"
    }
    assert found == set()


@pytest.mark.parametrize(
    ("code", "is_by_place"),
    [
        ("Query(SQL, row=lambda row: Place(*row))", True),
        ("Query(SQL, row=lambda row: Place(row[0], row[1]))", True),
        ("Query(SQL, row=lambda row: Place(row[2:]))", True),
        ("def read(found):\n    a, *b = found\nQuery[Any](SQL, [], row=read)", True),
        ("def read(found):\n    return found[-1]\nQuery(SQL, row=read)", True),
        ("x = asked.first[2]", True),
        ("x = asked.rows[0][5:10]", True),
        ("Query(SQL, row=lambda row: int(row[0]))", False),
        ("Query(SQL, row=_CARD.row)", False),
        ("x = asked.rows[0]", False),
        ("x = asked.first.name", False),
    ],
)
def test_what_counts_as_a_place(code: str, is_by_place: bool) -> None:  # noqa: FBT001  an example
    assert bool(list(by_place(ast.parse(code)))) is is_by_place


def test_what_a_lonely_clock_is() -> None:
    alone = ast.parse("def f():\n    now = clock()\n    send(now)")
    shared = ast.parse("def f():\n    now = clock()\n    send(now, other)")
    assert (list(lonely_clocks(alone)), list(lonely_clocks(shared))) == (["send(now)"], [])
