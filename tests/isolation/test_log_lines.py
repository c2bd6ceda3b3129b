"""A line of the log is made in one place, and each kind of event has one class for its details."""

import ast
from collections import Counter
from collections.abc import Iterator
from pathlib import Path

import pytest

from loyalty.base.events import EventKind
from loyalty.events.registry import DETAILS
from tests.isolation.test_layout import TRANSPORTS, sources

WRITER = "loyalty.log.lines"
# Where new ids are made of a moment; two more name the least id of a moment, and draw nothing.
IDS = {"loyalty.base.tokens", "loyalty.db.ids"}
LEAST_IDS = {"loyalty.books.unsealed", "loyalty.importing.import_numbers"}
# The bench makes a past of a million rows around the product.
FOLDERS = ("loyalty", *(folder for folder in TRANSPORTS if folder != "local"))
# What has details and is no row of the log: typed values, and the object itself.
NO_ROWS = {"self", "each"}
# How rows are made: by the class itself, by its manager, or by a statement or a COPY of ours.
MAKING = {"create", "bulk_create", "get_or_create", "update_or_create"}


def modules() -> Iterator[tuple[str, ast.Module]]:
    """All modules of the product."""
    for folder in FOLDERS:
        yield from sources(folder)


def _is_event(node: ast.AST) -> bool:
    return isinstance(node, ast.Name) and node.id == "Event"


def _makes_event(call: ast.Call) -> bool:
    called = call.func
    if _is_event(called):
        return True
    if isinstance(called, ast.Name) and called.id == "insert":
        return bool(call.args) and _is_event(call.args[0])
    if not isinstance(called, ast.Attribute) or called.attr not in MAKING:
        return False
    of = called.value
    return isinstance(of, ast.Attribute) and of.attr == "objects" and _is_event(of.value)


def making_events(tree: ast.Module) -> list[int]:
    """The lines of a module on which a row of the log is made."""
    found = (node for node in ast.walk(tree) if isinstance(node, ast.Call))
    return [call.lineno for call in found if _makes_event(call)]


def naming(tree: ast.Module, names: set[str]) -> list[str]:
    """Which of these functions a module calls."""
    found = (node.func for node in ast.walk(tree) if isinstance(node, ast.Call))
    called = (
        each.attr if isinstance(each, ast.Attribute) else getattr(each, "id", "") for each in found
    )
    return [name for name in called if name in names]


def kinds_of_details() -> list[tuple[str, str]]:
    """Each class with a kind of its own: the kind's name, and the class's."""
    return [
        (each.value.attr, node.name)
        for _, tree in sources("loyalty/events")
        for node in ast.walk(tree)
        if isinstance(node, ast.ClassDef)
        for each in node.body
        if isinstance(each, ast.AnnAssign) and isinstance(each.value, ast.Attribute)
        if isinstance(each.target, ast.Name) and each.target.id == "event_kind"
    ]


def test_rows_of_the_log_are_made_in_one_place() -> None:
    found = {name for name, tree in modules() if making_events(tree)}
    assert found == {WRITER}


@pytest.mark.parametrize(
    "planted",
    [
        "Event(id=1)",
        "Event.objects.create(id=1)",
        "Event.objects.bulk_create([])",
        "tx.finish(insert(Event, id=1))",
    ],
)
def test_a_row_that_is_made_elsewhere_is_seen(planted: str) -> None:
    assert making_events(ast.parse(planted)) == [1]


def test_the_log_is_written_by_no_sql_text() -> None:
    folders = [Path(__file__).resolve().parents[2] / folder for folder in FOLDERS]
    texts = (path for folder in folders for path in folder.rglob("*.py"))
    found = [
        path
        for path in texts
        if "migrations" not in path.parts and "INTO loyalty_event" in path.read_text("utf-8")
    ]
    assert found == []


def test_ids_are_made_in_one_place() -> None:
    making = {"ordered_id", "ordered_ids"}
    found = {name for name, tree in modules() if naming(tree, making)}
    assert found == IDS | LEAST_IDS


def test_each_kind_has_exactly_one_class_of_details() -> None:
    counted = Counter(kind for kind, _ in kinds_of_details())
    assert counted == Counter({kind.name: 1 for kind in EventKind})
    assert {kind.name: each.__name__ for kind, each in DETAILS.items()} == dict(kinds_of_details())


def test_each_class_of_details_is_written_by_somebody() -> None:
    used = [name for module, tree in modules() for name in _made(module, tree)]
    assert {each.__name__ for each in DETAILS.values()} - set(used) == set()


def _made(module: str, tree: ast.Module) -> list[str]:
    if module.startswith("loyalty.events"):
        # Reading a line makes one too. A refusal's is made of the refusal, in the log's own place.
        return []
    calls = [node for node in ast.walk(tree) if isinstance(node, ast.Call)]
    plain = [call.func.id for call in calls if isinstance(call.func, ast.Name)]
    of = (call.func for call in calls if isinstance(call.func, ast.Attribute))
    return plain + [
        each.value.id for each in of if each.attr == "of" and isinstance(each.value, ast.Name)
    ]


def test_nobody_reads_details_by_their_keys() -> None:
    """What a line says is read through its class: keys are known to the classes alone."""
    found = {
        f"{name}:{line}"
        for name, tree in modules()
        if not name.startswith("loyalty.events")
        for line in reading_keys(tree)
    }
    assert found == set()


def reading_keys(tree: ast.Module) -> list[int]:
    """The lines on which a module that knows the log's rows takes their details for a mapping.

    They are given to the classes and to nothing else. Refusals have details too, in other modules
    and under other names.
    """
    imported = (node for node in ast.walk(tree) if isinstance(node, ast.ImportFrom))
    if "Event" not in {each.name for node in imported for each in node.names}:
        return []
    calls = [node for node in ast.walk(tree) if isinstance(node, ast.Call)]
    given = {id(each) for call in calls if _reads(call.func) for each in ast.walk(call)}
    return [
        node.lineno
        for node in ast.walk(tree)
        if isinstance(node, ast.Attribute) and node.attr == "details" and id(node) not in given
        if isinstance(node.value, ast.Name) and node.value.id not in NO_ROWS
    ]


def _reads(called: ast.expr) -> bool:
    name = called.attr if isinstance(called, ast.Attribute) else getattr(called, "id", "")
    return name in {"from_stored", "details_of"}


def test_a_key_that_is_read_is_seen() -> None:
    known = "from loyalty.models import Event\n"
    for planted in ('(event.details or {}).get("level")', 'event.details["level"]'):
        assert reading_keys(ast.parse(known + planted)) == [2]
    assert reading_keys(ast.parse(known + "CollectedDetails.from_stored(event.details)")) == []
