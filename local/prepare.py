"""Brings the database to where the demo begins."""

import os
import subprocess
from collections.abc import Mapping

from local import logfile, process
from local.checkout import Checkout
from local.errors import LocalError
from local.progress import say


def run(checkout: Checkout, variables: Mapping[str, str], port: int) -> None:
    """Let `manage.py demo` migrate, seed and write demo.json, and show its lines as they come."""
    result = ["--json", str(checkout.demo / "demo.json"), "--port", str(port)]
    log = checkout.logs / "demo.log"
    with logfile.opened(log) as errors:
        before = logfile.size(log)
        command = process.spawn(
            [str(checkout.python), "manage.py", "demo", *result],
            folder=checkout.root,
            output=subprocess.PIPE,
            errors=errors,
            environment={**os.environ, **variables, "PYTHONUNBUFFERED": "1"},
        )
        try:
            _show(command)
        finally:
            process.end(command)
    if command.returncode != 0:
        reason = logfile.last_line(log, before)
        raise LocalError(f"The demo could not be prepared: {reason} ({log} says more)")


def _show(command: subprocess.Popen[bytes]) -> None:
    for line in command.stdout or ():
        say(line.decode(errors="replace").rstrip())
    command.wait()
