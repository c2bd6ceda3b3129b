"""How long our files and functions are."""

import ast
import statistics
from collections.abc import Iterator
from dataclasses import dataclass
from pathlib import Path

from local import sources

LONGEST_FILE = 400
LONGEST_FUNCTION = 40


@dataclass(frozen=True)
class Size:
    """A file or a function, and its lines."""

    where: str
    lines: int


@dataclass(frozen=True)
class Report:
    """What is too long, and all in words."""

    too_long: list[Size]
    text: str


def report(root: Path) -> Report:
    """Measure all our Python files below the folder."""
    files, functions = _measure(root)
    too_long = [size for size in files if size.lines > LONGEST_FILE]
    too_long += [size for size in functions if size.lines > LONGEST_FUNCTION]
    lines = [f"{size.where}: {size.lines} lines is too long" for size in too_long]
    medians = f"median file {_median(files):.0f} lines, median function {_median(functions):.0f}"
    return Report(too_long, "\n".join([*lines, medians]))


def _measure(root: Path) -> tuple[list[Size], list[Size]]:
    files: list[Size] = []
    functions: list[Size] = []
    for path in sources.named(root, ".py"):
        text, name = path.read_text(encoding="utf-8"), str(path.relative_to(root))
        files.append(Size(name, len(text.splitlines())))
        functions += _functions(name, ast.parse(text))
    return files, functions


def _functions(name: str, tree: ast.Module) -> Iterator[Size]:
    for node in ast.walk(tree):
        if isinstance(node, ast.FunctionDef | ast.AsyncFunctionDef):
            lines = (node.end_lineno or node.lineno) - node.lineno + 1
            yield Size(f"{name}:{node.lineno} {node.name}", lines)


def _median(sizes: list[Size]) -> float:
    return statistics.median(size.lines for size in sizes) if sizes else 0
