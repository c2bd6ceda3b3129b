"""Each job is one of ours, carries the business that enqueued it and runs for that one only."""

from collections.abc import Callable
from typing import Any

from django.db.models.signals import post_save
from django_q import signals
from django_q.models import Task

from tenants import context
from tenants.jobs import admission


def connect() -> None:
    """Connect to django-q's signals, once."""
    # A result's row may name a function, which django-q calls whenever the row is saved.
    post_save.disconnect(signals.call_hook, sender=Task)
    signals.pre_enqueue.connect(_stamp, dispatch_uid="plusone-stamp")
    signals.pre_execute.connect(_enter, dispatch_uid="plusone-enter")
    signals.post_execute_in_worker.connect(_leave, dispatch_uid="plusone-leave")


def _stamp(sender: object, task: dict[str, Any], **_: object) -> None:  # noqa: ARG001  a signal's shape
    # Outside a business (django-q's own scheduler) nothing is stamped.
    if (schema := context.current_schema()) is not None:
        task.setdefault("business", schema)


def _enter(sender: object, func: Callable[..., Any], task: dict[str, Any], **_: object) -> None:  # noqa: ARG001  a signal's shape
    admission.stop(task)
    # A schedule names its business as an argument, because no one enqueued it.
    schema = task["kwargs"].pop("business", None) or task.get("business")
    if schema is None:
        # Not `public`: tables that exist there too would answer in a business's place.
        context.choose_none()
    else:
        context.activate(schema)


def _leave(sender: object, task: dict[str, Any], **_: object) -> None:  # noqa: ARG001  a signal's shape
    if isinstance(task.get("args"), admission.NoArguments):
        # It goes on to be stored.
        task["args"] = ()
    context.activate(context.PUBLIC)
