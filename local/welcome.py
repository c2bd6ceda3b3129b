"""What the person who started the demo needs to know."""

import json
from collections.abc import Iterator
from typing import Any

from local.checkout import Checkout
from local.errors import LocalError
from local.progress import say

_NAMES = ("email", "name")
_SECRETS = ("password", "pin")


def show(checkout: Checkout, port: int, seconds: float) -> None:
    """Where to go and how to sign in, out of demo.json."""
    file = checkout.demo / "demo.json"
    try:
        facts = json.loads(file.read_text(encoding="utf-8"))
    except (OSError, ValueError) as error:
        raise LocalError(f"{file} cannot be read: {error}") from None
    say(f"\nReady after {seconds:.0f} s.\n")
    for line in _lines("", facts):
        say(line)
    say(f"\nOperators: http://localhost:{port}/admin/")
    say(f"All of it, with tokens and ids: {file}\nLogs: {checkout.logs}\nCtrl-C stops it.")


def _lines(key: str, facts: Any) -> Iterator[str]:
    """A line for each business and, below it, for each of its logins."""
    if isinstance(facts, list):
        for each in facts:
            yield from _lines(key, each)
    if isinstance(facts, dict):
        if host := facts.get("host"):
            yield f"{facts.get('plan', key)}: http://{host}/"
        elif secret := _first(facts, _SECRETS):
            yield f"  {key}: {_first(facts, _NAMES)}, {secret}"
        for name, part in facts.items():
            yield from _lines(name, part)


def _first(facts: dict[str, Any], names: tuple[str, ...]) -> str:
    return next((str(facts[name]) for name in names if facts.get(name)), "")
