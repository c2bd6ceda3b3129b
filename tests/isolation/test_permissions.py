"""Every public action and read of `loyalty/` asks for a permission first, or says why it does not.

What is walked: the functions that packages name for transports, those of a module that is named so,
and every function that has a file of its own and writes there.
"""

import ast
import inspect
from collections.abc import Iterator
from typing import NamedTuple

import pytest

from loyalty.base import exempt
from tests.isolation.test_layout import VOCABULARY, sources

MARKERS = {
    name
    for name, each in inspect.getmembers(exempt, inspect.isfunction)
    if not name.startswith("_")
}
# What writes a row, by the last word of the call.
WRITES = {
    *("create", "bulk_create", "get_or_create", "update", "save", "delete", "insert", "finish"),
    *("execute", "raise_bonus", "tell", "write_entries"),
}
# Named for transports and about nobody: they look at what they are given, and at no row.
ABOUT_NOBODY = {
    *("cards.is_choice", "sessions.qr_svg"),
    *("programs.switches_of", "programs.usual_surplus", "programs.variant_name"),
    *("levels.levels_of", "levels.recounts", "levels.stored_of", "levels.version_of"),
    # A statement of the benchmark's and others' round trips, about the business's own levels.
    "levels.levels_query",
    "books.unexpected",
    # What they update and execute is a history in memory, and a file of their own.
    *("history.replay", "importing.line_store"),
}
# They read no row, and so nothing of anybody's: see below.
ROWS = ("loyalty.models", "loyalty.db.roundtrip", "loyalty.db.pipeline", "django.db.connection")
PURE = {"counting", "switches", "wording"}

ASKS = "access.require(actor, Permission.MINT)"
EMPTY = ast.parse("")


class Door(NamedTuple):
    """A function that has to ask: where it is, and its body."""

    name: str
    node: ast.FunctionDef


def functions(tree: ast.Module) -> dict[str, ast.FunctionDef]:
    """The functions of a module by their names."""
    return {node.name: node for node in tree.body if isinstance(node, ast.FunctionDef)}


def called(node: ast.AST) -> set[str]:
    """The dotted names of everything that is called inside."""
    calls = (each.func for each in ast.walk(node) if isinstance(each, ast.Call))
    return {ast.unparse(each) for each in calls if isinstance(each, ast.Name | ast.Attribute)}


def public_doors(modules: dict[str, ast.Module]) -> Iterator[Door]:
    """The functions that packages name for transports."""
    for package, tree in modules.items():
        if package.count(".") != 1 or package.split(".")[1] in VOCABULARY | PURE:
            continue
        for node in tree.body:
            if not isinstance(node, ast.ImportFrom):
                continue
            for each in node.names:
                inner = f"{node.module}.{each.name}"
                if inner in modules:
                    # A module is named as a whole: all that it does not keep to itself.
                    found = functions(modules[inner])
                    yield from (
                        Door(f"{inner}.{name}".removeprefix("loyalty."), function)
                        for name, function in found.items()
                        if not name.startswith("_")
                    )
                elif found_one := functions(modules.get(node.module or "", EMPTY)).get(each.name):
                    yield Door(f"{package}.{each.name}".removeprefix("loyalty."), found_one)


def deeds(modules: dict[str, ast.Module]) -> Iterator[Door]:
    """The functions with a file of their own name that writes."""
    for module, tree in modules.items():
        _, *inner = module.split(".")
        if len(inner) < 2 or inner[0] in VOCABULARY | PURE:
            continue
        found = functions(tree).get(inner[-1])
        words = {name.rsplit(".", 1)[-1] for name in called(tree)}
        if found is not None and words & WRITES:
            yield Door(".".join(inner), found)


def asks(node: ast.FunctionDef) -> bool:
    """True when the first statement behind the docstring is `access.require(…)`."""
    first = node.body[1] if ast.get_docstring(node) is not None else node.body[0]
    return (
        isinstance(first, ast.Expr)
        and isinstance(first.value, ast.Call)
        and ast.unparse(first.value.func) == "access.require"
        and ast.unparse(first.value.args[1]).startswith("Permission.")
    )


def exemption(node: ast.FunctionDef) -> tuple[str, str] | None:
    """The marker above the function, and its reason."""
    for each in node.decorator_list:
        if isinstance(each, ast.Call) and isinstance(each.func, ast.Attribute):
            owner, marker = ast.unparse(each.func.value), each.func.attr
            if owner == "exempt" and marker in MARKERS:
                return marker, ast.literal_eval(each.args[0])
    return None


def fault(door: Door) -> str | None:
    """What is wrong with this function, None when it asks or says why not."""
    found = exemption(door.node)
    if asks(door.node):
        return f"{door.name} asks, and says that it does not" if found else None
    if found is None:
        return f"{door.name} neither asks for a permission nor says why not"
    marker, why = found
    if len(why) < len("a word"):
        return f"{door.name} does not say why"
    if marker == "row_decides" and "access.require_own" not in called(door.node):
        return f"{door.name} does not ask whose the row is"
    return None


def doors() -> dict[str, Door]:
    """All that have to ask, once each."""
    modules = dict(sources("loyalty"))
    every = [*public_doors(modules), *deeds(modules)]
    return {each.name: each for each in every}


def planted(text: str) -> Door:
    """A function as it might be written tomorrow."""
    return Door("planted", functions(ast.parse(text))["planted"])


def test_each_action_and_read_asks_or_says_why_not() -> None:
    found = [fault(door) for name, door in doors().items() if name not in ABOUT_NOBODY]
    assert [each for each in found if each] == []


def test_what_is_about_nobody_is_there_and_takes_no_actor() -> None:
    every = doors()
    for name in ABOUT_NOBODY:
        arguments = every[name].node.args
        assert "actor" not in {each.arg for each in [*arguments.args, *arguments.kwonlyargs]}


def test_what_is_pure_reads_no_row() -> None:
    for package in PURE:
        for module, tree in sources(f"loyalty/{package}"):
            for node in ast.walk(tree):
                if isinstance(node, ast.ImportFrom):
                    # Errors may be named there, and put into words.
                    taken = {f"{node.module}.{each.name}" for each in node.names}
                    assert not {each for each in taken if each.startswith(ROWS)}, module


def test_the_walk_finds_the_actions() -> None:
    """It would pass as well if it found nothing."""
    every = set(doors())
    assert {"earning.mint", "earning.collect", "redeeming.decide_redemption"} <= every
    assert {"levels.set_levels", "programs.publish_version", "programs.catalogue.presets"} <= every
    assert {"waiting.grant_queued", "correcting.pass_on", "expiry.expire"} <= every
    assert len(every) > 100


@pytest.mark.parametrize(
    ("text", "said"),
    [
        ("def planted(*, actor):\n    '''It writes.'''\n    write()", "neither asks"),
        (
            "def planted(*, actor):\n    look()\n    access.require(actor, Permission.MINT)",
            "neither asks",
        ),
        ("def planted(*, actor):\n    access.require(actor, wanted)", "neither asks"),
        ("@exempt.somehow('for a reason')\ndef planted():\n    write()", "neither asks"),
        ("@exempt.open_to_all('')\ndef planted():\n    write()", "does not say why"),
        ("@exempt.row_decides('its owner')\ndef planted(*, actor):\n    read()", "whose the row"),
        (
            f"@exempt.open_to_all('a reason')\ndef planted(*, actor):\n    {ASKS}",
            "says that it does not",
        ),
    ],
)
def test_an_omission_is_seen(text: str, said: str) -> None:
    assert said in (fault(planted(text)) or "")


@pytest.mark.parametrize(
    "text",
    [
        "def planted(*, actor):\n    '''Text.'''\n    access.require(actor, Permission.MINT)",
        "@retry_once\ndef planted(*, actor):\n    access.require(actor, Permission.MINT)",
        "@exempt.for_operators('a job asks')\n@retry_once\ndef planted():\n    write()",
    ],
)
def test_what_asks_passes(text: str) -> None:
    assert fault(planted(text)) is None


def arguments(node: ast.AST, *, of: set[str], nth: int) -> set[str]:
    """What stands at this place of all calls of these names."""
    calls = (each for each in ast.walk(node) if isinstance(each, ast.Call))
    return {ast.unparse(each.args[nth]) for each in calls if ast.unparse(each.func) in of}


def test_the_api_asks_for_what_the_action_asks() -> None:
    """A mutation asks before it reads its input: for the same permission as what it calls."""
    every = {each.name.rsplit(".", 1)[-1]: each.node for each in doors().values()}
    checked = 0
    for module, tree in sources("graphql_api/mutations"):
        imports = [each for each in ast.walk(tree) if isinstance(each, ast.ImportFrom)]
        names = {
            alias.asname or alias.name: alias.name
            for each in imports
            if (each.module or "").startswith("loyalty.")
            for alias in each.names
        }
        for work in (each for each in ast.walk(tree) if isinstance(each, ast.FunctionDef)):
            asked = arguments(work, of={"context.staff", "context.customer"}, nth=0)
            if work.name != "work" or not asked:
                continue
            actions = [names[name] for name in called(work) & set(names) if names[name] in every]
            found = [arguments(every[name], of={"access.require"}, nth=1) for name in actions]
            assert set().union(*found) == asked, (module, actions)
            checked += 1
    assert checked > 12
