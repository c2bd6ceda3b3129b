"""Only the functions of `settings.JOBS` are jobs; whatever else is asked for fails instead.

A job is looked at where it leaves the queue, before its pickle is opened and its module imported,
and once more in the worker, for jobs that came another way (a schedule may ask to run at once).
"""

import io
import pickle
from collections.abc import Callable
from datetime import datetime
from typing import Any

from django.conf import settings
from django.utils import timezone
from django_q import core_signing
from django_q.conf import Conf
from django_q.signing import BadSignature, SignedPackage

# What a queued job may say of itself. A hook or a chain would name further functions, and a cached
# or synchronous job would run, or be read, outside of the worker.
_WORDS = frozenset(
    {"id", "name", "func", "args", "kwargs", "started", "business", "group", "cluster"}
    | {"timeout", "save", "ack_failure", "ack_id"}
)
_IN_THE_WORKER = _WORDS | {"sync"}
# Arguments are plain values; anything else in a pickle is code that runs while it is opened.
_PLAIN = frozenset(
    {("datetime", name) for name in ("datetime", "date", "time", "timedelta", "timezone")}
    | {("decimal", "Decimal"), ("uuid", "UUID")}
)


def _is_seconds(value: object) -> bool:
    return value is None or (type(value) in {int, float} and 0 < value <= _LONGEST)  # type: ignore[operator]  # a number by now


def _is_switch(value: object) -> bool:
    return value is None or isinstance(value, bool)


_LONGEST = 3_600
# What a worker reads of each job before it calls anything.
_FORMS: dict[str, Callable[[object], bool]] = {
    "id": lambda value: isinstance(value, str),
    "name": lambda value: isinstance(value, str),
    "started": lambda value: isinstance(value, datetime),
    "timeout": _is_seconds,
    "save": _is_switch,
    "ack_failure": _is_switch,
}


class JobNotAllowedError(Exception):
    """Somebody asked for a function that is no job of this installation."""


def check(task: dict[str, Any]) -> None:
    """Raise JobNotAllowedError unless this is one of our jobs, and asks for nothing beside it."""
    if reason := _reason(task, words=_IN_THE_WORKER):
        raise JobNotAllowedError(reason)


def admitted(payload: str, *, number: int) -> str:
    """The queued job as it may be opened: itself, or one that fails in its place and says why.

    A failing one is tried as often as any other, so a job of a newer release waits for its worker.
    """
    try:
        task = core_signing.loads(
            payload, key=Conf.SECRET_KEY, salt=Conf.PREFIX, serializer=_PlainSerializer
        )
    except BadSignature:
        # django-q takes it off the queue.
        return payload
    except Exception as error:  # noqa: BLE001  a broken pickle raises whatever it likes
        return _refused(f"it cannot be opened ({type(error).__name__})", {}, number)
    if not isinstance(task, dict):
        return _refused("it is no job", {}, number)
    reason = _reason(task, words=_WORDS)
    return _refused(reason, task, number) if reason else payload


def refuse(reason: str) -> None:
    """Fail, in place of what was asked for."""
    raise JobNotAllowedError(reason)


_REFUSE = f"{refuse.__module__}.{refuse.__name__}"


class NoArguments:
    """In place of a job's arguments: anybody who unpacks them is refused, so nothing is called.

    In the worker nobody but django-q stands between us and the call, and it looks at the arguments
    where it catches errors; a receiver that raises would end the process instead.
    """

    def __init__(self, reason: str) -> None:
        self.reason = reason

    def __iter__(self) -> "NoArguments":
        raise JobNotAllowedError(self.reason)


def stop(task: dict[str, Any]) -> None:
    """Let this job fail without being called, and name nothing that would be called after it."""
    reason = _reason(task, words=_IN_THE_WORKER)
    if reason:
        task["args"] = NoArguments(reason)
        task["kwargs"] = {}
        for word in set(task) - _IN_THE_WORKER:
            del task[word]


def _reason(task: dict[str, Any], *, words: frozenset[str]) -> str:
    name, beside = task.get("func"), set(task) - words
    if not isinstance(name, str) or (name not in settings.JOBS and name != _REFUSE):
        return f"{_told(name)} is no job of this installation"
    if beside:
        return f"{name} asks for {', '.join(sorted(map(_told, beside)))}"
    if not isinstance(task.get("args"), tuple | list) or not isinstance(task.get("kwargs"), dict):
        return f"{name} has arguments that cannot be handed over"
    if wrong := [word for word, is_right in _FORMS.items() if not is_right(task.get(word))]:
        # django-q would read it outside of where it catches errors: the worker would end, and
        # the job would come back for ever.
        return f"{name} says something else than its {wrong[0]}"
    return ""


def _refused(reason: str, task: dict[str, Any], number: int) -> str:
    # Its failures are counted by id and name; by the number where it has none.
    names = {
        word: task[word] if isinstance(task.get(word), str) else f"refused-{number}"
        for word in ("id", "name")
    }
    plain = {"func": _REFUSE, "args": (reason,), "kwargs": {}, "started": timezone.now()}
    return str(SignedPackage.dumps({**names, **plain}))


def _told(name: object) -> str:
    return str(name)[:100] if isinstance(name, str) else f"a {type(name).__name__}"


class _PlainUnpickler(pickle.Unpickler):
    def find_class(self, module_name: str, global_name: str) -> Any:
        if (module_name, global_name) not in _PLAIN:
            raise pickle.UnpicklingError(f"{module_name}.{global_name} is no plain value")
        return super().find_class(module_name, global_name)


class _PlainSerializer:
    """What django-q's signing asks of a serialiser."""

    @staticmethod
    def loads(data: bytes) -> Any:
        return _PlainUnpickler(io.BytesIO(data)).load()
