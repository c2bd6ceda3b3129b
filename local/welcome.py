"""What the person who started the demo needs to know."""

import json
from collections.abc import Iterator
from typing import Any

from local.checkout import Checkout
from local.errors import LocalError
from local.progress import say


def show(checkout: Checkout, port: int, seconds: float) -> None:
    """Where to go and how to sign in, out of demo.json."""
    file = checkout.demo / "demo.json"
    try:
        facts = json.loads(file.read_text(encoding="utf-8"))
    except (OSError, ValueError) as error:
        raise LocalError(f"{file} cannot be read: {error}") from None
    say(f"\nReady after {seconds:.0f} s.")
    for business in facts.get("businesses", {}).values():
        say(f"\n{business.get('name')} ({business.get('plan')}) {business.get('site')}")
        say(f"  mails: {business.get('outbox')}")
        for login in _logins(business):
            say(login)
        for waiting in _waiting(business):
            say(waiting)
        if devices := business.get("devices"):
            say(f"  pair a counter device: {devices} as owner or manager")
    say(f"\nOperators http://localhost:{port}/admin/")
    for login in _logins(facts):
        say(login)
    say(f"\nAll of it, with tokens and ids: {file}\nLogs: {checkout.logs}\nCtrl-C stops it.")


def _waiting(business: dict[str, Any]) -> Iterator[str]:
    for customer in business.get("customers", []):
        for bonus in customer.get("waiting", []):
            yield f"  a bonus waits for customer {customer.get('email')}: {bonus.get('title')}"


def _logins(facts: dict[str, Any]) -> Iterator[str]:
    for role, person in facts.items():
        if isinstance(person, dict) and "password" in person:
            passcode = person.get("passcode")
            counter = f", at a paired device {passcode}" if passcode else ""
            yield f"  {role}: {person.get('email')} with {person['password']}{counter}"
