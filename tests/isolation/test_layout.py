"""The code keeps to its own layout: unique names, and packages used by their public names."""

import ast
from collections import Counter
from collections.abc import Iterator
from pathlib import Path

import pytest

ROOT = Path(__file__).resolve().parents[2]
TRANSPORTS = ("config", "console", "demo", "graphql_api", "hosting", "local")
# Everybody speaks in their words; they have no public names besides all that they hold.
VOCABULARY = {"base", "db", "models", "photos", "jobs", "migrations"}
# Django's own word for the options of a model, inside of it.
INNER = {"Meta"}
# Past participles stand in front of a noun, or behind the noun that a refusal is about
# (`SessionExpired`); alone they say nothing of what the thing is.
PARTICIPLES = {"kept", "held", "given", "gone", "seen", "known", "sold", "told", "made", "put"}
# The base of all refusals is what is raised, said as everybody says it: `raise Refused`.
SAID_SO = {"Refused"}


def sources(folder: str) -> Iterator[tuple[str, ast.Module]]:
    """The modules of a folder by their dotted names, parsed."""
    for path in sorted((ROOT / folder).rglob("*.py")):
        if "migrations" in path.parts:
            continue
        parts = path.relative_to(ROOT).with_suffix("").parts
        name = ".".join(parts[:-1] if parts[-1] == "__init__" else parts)
        yield name, ast.parse(path.read_text(encoding="utf-8"))


def classes() -> list[str]:
    """The names of all classes inside `loyalty/`."""
    found = (node for _, tree in sources("loyalty") for node in ast.walk(tree))
    return [node.name for node in found if isinstance(node, ast.ClassDef)]


def is_bare_participle(name: str) -> bool:
    """True for one word alone that says what was done, and not what the thing is."""
    word = name.strip("_")
    if sum(letter.isupper() for letter in word) != 1:
        return False
    return word.lower().endswith("ed") or word.lower() in PARTICIPLES


def public(package: str) -> set[str]:
    """What a package of `loyalty/` names for transports."""
    tree = ast.parse((ROOT / "loyalty" / package / "__init__.py").read_text(encoding="utf-8"))
    found = (node for node in tree.body if isinstance(node, ast.Assign))
    return {name for node in found for name in ast.literal_eval(node.value)}


def trespasses(name: str, tree: ast.Module) -> list[str]:
    """What a module takes out of a package of `loyalty/` that is not among its public names."""
    found = []
    for node in ast.walk(tree):
        if not isinstance(node, ast.ImportFrom) or not (node.module or "").startswith("loyalty."):
            continue
        _, package, *inner = (node.module or "").split(".")
        if package in VOCABULARY:
            continue
        hidden = {each.name for each in node.names} - (set() if inner else public(package))
        found += [f"{name}: {node.module}.{each}" for each in sorted(hidden)]
    return found


def test_no_class_name_stands_twice_inside_loyalty() -> None:
    counted = Counter(name for name in classes() if name not in INNER)
    assert {name for name, times in counted.items() if times > 1} == set()


def test_no_class_is_a_bare_participle() -> None:
    assert {name for name in classes() if is_bare_participle(name)} <= SAID_SO


@pytest.mark.parametrize(
    ("name", "is_bare"),
    [("Judged", True), ("_Known", True), ("StoredBonus", False), ("SessionExpired", False)],
)
def test_what_a_bare_participle_is(name: str, is_bare: bool) -> None:  # noqa: FBT001  an example
    assert is_bare_participle(name) is is_bare


@pytest.mark.parametrize("folder", TRANSPORTS)
def test_transports_use_public_names_alone(folder: str) -> None:
    assert [found for name, tree in sources(folder) for found in trespasses(name, tree)] == []


def test_a_trespass_is_seen() -> None:
    planted = "from loyalty.earning.mint import _mint\nfrom loyalty.earning import collect, secret"
    assert trespasses("page", ast.parse(planted)) == [
        "page: loyalty.earning.mint._mint",
        "page: loyalty.earning.secret",
    ]


def test_what_packages_name_is_there() -> None:
    """Each `__all__` holds names that are imported above it, and nothing else."""
    for name, tree in sources("loyalty"):
        if name.count(".") != 1 or not (ROOT / name.replace(".", "/") / "__init__.py").exists():
            continue
        package = name.removeprefix("loyalty.")
        if package in VOCABULARY | {"management"}:
            continue
        imports = [node for node in tree.body if isinstance(node, ast.ImportFrom)]
        given = {each.asname or each.name for node in imports for each in node.names}
        assert public(package) == given, package
