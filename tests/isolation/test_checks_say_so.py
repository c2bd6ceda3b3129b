"""What is called for its refusal alone says so in its name, for nothing else shows at the call."""

import ast
from collections.abc import Iterator

import pytest

from tests.isolation.test_layout import sources

SAYS_SO = ("check", "refuse", "require")


def silent_checks(tree: ast.Module) -> Iterator[str]:
    """Functions that return nothing, change nothing and may raise, under another name."""
    for node in ast.walk(tree):
        if (
            isinstance(node, ast.FunctionDef)
            and _only_raises(node)
            and not node.name.strip("_").startswith(SAYS_SO)
        ):
            yield node.name


def _only_raises(function: ast.FunctionDef) -> bool:
    returns = ast.unparse(function.returns) if function.returns else ""
    inside = list(ast.walk(function))
    return (
        returns in {"None", "NoReturn"}
        and any(isinstance(node, ast.Raise) for node in inside)
        and not any(_does_more(node) for node in inside)
    )


def _does_more(node: ast.AST) -> bool:
    match node:
        case ast.Expr(value=ast.Call(func=ast.Name(id=name) | ast.Attribute(attr=name))):
            return not name.strip("_").startswith(SAYS_SO)
        case ast.Assign(targets=targets):
            return any(isinstance(each, ast.Attribute | ast.Subscript) for each in targets)
        case ast.AugAssign() | ast.Yield() | ast.YieldFrom() | ast.With() | ast.Delete():
            return True
    return False


def test_who_only_refuses_says_so() -> None:
    found = {f"{name}: {said}" for name, tree in sources("loyalty") for said in silent_checks(tree)}
    assert found == set()


@pytest.mark.parametrize(
    ("code", "is_silent"),
    [
        ("def may_go(at) -> None:\n    if at:\n        raise TooLate", True),
        ("def gone() -> NoReturn:\n    raise Gone", True),
        ("def both(at) -> None:\n    check_time(at)\n    raise TooLate", True),
        ("def check_time(at) -> None:\n    raise TooLate", False),
        ("def _refuse(at) -> NoReturn:\n    raise TooLate", False),
        ("def take(at) -> None:\n    send(at)\n    raise TooLate", False),
        ("def take(row) -> None:\n    row.at = 1\n    raise TooLate", False),
        ("def time(at) -> int:\n    raise TooLate", False),
        ("def tell(at) -> None:\n    at.tell()", False),
    ],
)
def test_what_a_silent_check_is(code: str, is_silent: bool) -> None:  # noqa: FBT001  an example
    assert bool(list(silent_checks(ast.parse(code)))) is is_silent
