"""Enqueues a job for `lumo` that waits for a lock: `python -m tests.crash.enqueue LOCK`."""

import os
import sys

import django


def main(arguments: list[str]) -> None:
    """Print the job's id."""
    os.environ.setdefault("DJANGO_SETTINGS_MODULE", "config.settings")
    django.setup()
    # Only now is there a Django to ask.
    from django_q.tasks import async_task

    from tenants import context

    with context.business("lumo"):
        print(async_task("tests.harness.work.wait_behind", int(arguments[0])))  # noqa: T201  its output


if __name__ == "__main__":
    main(sys.argv[1:])
