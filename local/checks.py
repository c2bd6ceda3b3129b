"""The checks of `make check`; a new one is a new line in STEPS."""

import difflib
import os
import subprocess
from collections.abc import Callable
from dataclasses import dataclass

from local import sizes, sources, throwaway
from local.checkout import Checkout
from local.locks import check as locks

SCHEMA, ERRORS = "schema.graphql", "docs/errors.md"
# What is written down out of the code, each with the command that prints it.
EXPORTS = {
    SCHEMA: ("export_schema", "graphql_api.schema:schema"),
    ERRORS: ("export_errors",),
}
# Django's settings ask for a database; no check connects to it.
_SETTINGS = {**throwaway.KEYS, "DATABASE_URL": "postgresql://nobody@/nothing?host=/nonexistent"}


@dataclass(frozen=True)
class Outcome:
    """Whether a check passed, and what it had to say."""

    passed: bool
    output: str = ""


@dataclass(frozen=True)
class Step:
    """A check by its name."""

    name: str
    run: Callable[[Checkout], Outcome]
    # Whether its output is worth reading when it passed.
    talks: bool = False


def _program(name: str, *arguments: str) -> Callable[[Checkout], Outcome]:
    """A check that passes when a program of the environment exits with 0."""

    def run(checkout: Checkout) -> Outcome:
        ended = _ended(checkout, name, *arguments)
        return Outcome(ended.returncode == 0, ended.stdout + ended.stderr)

    return run


def _ended(checkout: Checkout, name: str, *arguments: str) -> subprocess.CompletedProcess[str]:
    return subprocess.run(
        [str(checkout.venv / "bin" / name), *arguments],
        check=False,
        cwd=checkout.root,
        env={**os.environ, **_SETTINGS},
        stdin=subprocess.DEVNULL,
        capture_output=True,
        text=True,
    )


def _templates(checkout: Checkout) -> Outcome:
    files = [str(path) for path in sources.named(checkout.root, ".html")]
    return _program("djlint", "--check", *files)(checkout) if files else Outcome(passed=True)


def exported(checkout: Checkout, name: str) -> subprocess.CompletedProcess[str]:
    """The process that printed what today's code says should stand in this file."""
    return _ended(checkout, "python", "manage.py", *EXPORTS[name])


def _current(name: str) -> Callable[[Checkout], Outcome]:
    """A check that passes when the file says what the code says."""

    def run(checkout: Checkout) -> Outcome:
        made = exported(checkout, name)
        if made.returncode != 0:
            return Outcome(passed=False, output=made.stderr)
        kept = checkout.root / name
        lines = kept.read_text(encoding="utf-8").splitlines() if kept.exists() else []
        new = made.stdout.splitlines()
        difference = "\n".join(difflib.unified_diff(lines, new, name, "the code", n=1))
        return Outcome(not difference, difference)

    return run


def _sizes(checkout: Checkout) -> Outcome:
    report = sizes.report(checkout.root)
    return Outcome(not report.too_long, report.text)


def _locks(checkout: Checkout) -> Outcome:
    found = [locks.complaints(checkout, checkout.root / name) for name in locks.LOCKS]
    return Outcome(not any(found), "\n".join(line for lines in found for line in lines))


STEPS = (
    Step("ruff check", _program("ruff", "check", "--quiet")),
    Step("ruff format", _program("ruff", "format", "--check", "--quiet")),
    Step("sizes", _sizes, talks=True),
    Step("lint-imports", _program("lint-imports")),
    Step("migrations", _program("python", "manage.py", "makemigrations", "--check", "--dry-run")),
    *(Step(name, _current(name)) for name in EXPORTS),
    Step("djlint", _templates),
    Step("locks", _locks),
    Step("mypy", _program("mypy", ".")),
)
