"""The two programs that make up the product."""

from collections.abc import Mapping

from local.checkout import Checkout
from local.service import Program, Service


def of(checkout: Checkout, variables: Mapping[str, str], port: int) -> list[Service]:
    """The web server on the port and the jobs, in the order in which they stop."""
    commands = {"web": _web(port), "jobs": ["manage.py", "run_jobs"]}
    return [
        Program(
            name=name,
            command=[str(checkout.python), *arguments],
            folder=checkout.root,
            log=checkout.logs / f"{name}.log",
            environment=variables,
        )
        for name, arguments in commands.items()
    ]


def _web(port: int) -> list[str]:
    # Streams stay open for ever: a worker that waits for their end is killed after two seconds.
    return ["manage.py", "serve", "--host", "127.0.0.1", "--port", str(port), "--grace", "2"]
