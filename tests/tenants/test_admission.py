"""A worker calls the functions on the list of jobs, and nothing else, however it is asked."""

import ast
import pickle
import re
from collections.abc import Callable, Iterator
from contextvars import copy_context
from importlib import import_module
from multiprocessing import Value
from pathlib import Path
from queue import SimpleQueue
from typing import Any

import pytest
from django.conf import settings as product
from django.utils import timezone
from django.utils.module_loading import import_string
from django_q.brokers import get_broker
from django_q.conf import Conf
from django_q.core_signing import dumps
from django_q.models import OrmQ, Schedule, Task
from django_q.monitor import monitor
from django_q.scheduler import scheduler
from django_q.signing import SignedPackage
from django_q.tasks import async_task
from django_q.worker import worker

from tenants import context
from tenants.jobs.admission import JobNotAllowedError, check
from tests.harness.acting import as_job_worker, as_owner

pytestmark = pytest.mark.django_db
ROOT = Path(__file__).resolve().parent.parent.parent
OURS = ("config", "demo", "hosting", "console", "graphql_api", "loyalty", "tenants")
GOOD = "loyalty.jobs.expire_due"
called: list[object] = []


def trap(*words: object, **_: object) -> None:
    """Anybody who calls this was not stopped."""
    called.append(words)


TRAP = f"{__name__}.trap"


class Trapped:
    """Opening its pickle calls the trap."""

    def __reduce__(self) -> tuple[Callable[..., None], tuple[str]]:
        return trap, ("opened",)


def repr_of(said: dict[str, Any]) -> str:
    """The same in each process: an object's address is not."""
    return re.sub(r" at 0x[0-9a-f]+", "", str(said))


@pytest.fixture(autouse=True)
def nothing_called(monkeypatch: pytest.MonkeyPatch) -> Iterator[None]:
    """Nobody calls the trap, whatever the test does; the test's transaction stays open."""
    for part in ("worker", "monitor", "scheduler"):
        monkeypatch.setattr(f"django_q.{part}.close_old_django_connections", bool)
    called.clear()
    yield
    assert called == []


def put(**said: Any) -> None:
    """Into the queue, as somebody would who has the key and gets past `async_task`."""
    task = {"id": "1" * 32, "name": "a job", "args": (), "kwargs": {}, "started": timezone.now()}
    _enqueue(SignedPackage.dumps({**task, "func": GOOD, "business": "alpha", **said}))


def _enqueue(payload: str) -> None:
    with context.public():
        OrmQ.objects.create(key=Conf.CLUSTER_NAME, payload=payload, lock=timezone.now())


def work_off() -> list[Task]:
    """What a worker stores about everything that waits, with django-q's own loop and monitor."""
    with as_job_worker(), context.public():
        for number, payload in get_broker().dequeue() or ():
            task = {**SignedPackage.loads(payload), "ack_id": number, "cluster": "plusone"}
            waiting: SimpleQueue[Any] = SimpleQueue()
            done: SimpleQueue[Any] = SimpleQueue()
            for item in (task, "STOP"):
                waiting.put(item)
            copy_context().run(worker, waiting, done, Value("f", -1))
            done.put("STOP")
            monitor(done, get_broker())
        return list(Task.objects.order_by("started"))


def test_a_job_on_the_list_runs() -> None:
    put()
    (done,) = work_off()
    assert (done.func, done.success, done.result) == (GOOD, True, "0 done, 0 failed")


@pytest.mark.parametrize(
    "said",
    [
        {"func": TRAP},
        {"func": "os.getcwd"},
        {"func": "subprocess.run", "args": (["true"],)},
        {"func": "django.core.management.call_command", "args": ("flush",)},
        # Not the same name, although Python would find the same function.
        {"func": f" {GOOD}"},
        {"func": "loyalty.jobs.expire.expire"},
        {"func": "loyalty.jobs"},
        {"func": ""},
        {"func": None},
        {"func": 7},
        {"func": [GOOD]},
        # A function by itself is found while its pickle is opened.
        {"func": trap},
        {"func": Trapped()},
        {"args": (Trapped(),)},
        {"kwargs": {"after": Trapped()}},
        {"args": Trapped()},
        {"args": None},
        {"kwargs": None},
        # Functions that are called after it.
        {"hook": TRAP},
        {"hook": trap},
        {"chain": [(TRAP, (), {})]},
        {"chain": [(GOOD, (), {"q_options": {"hook": TRAP}})]},
        # Elsewhere than in a worker, and read back from elsewhere.
        {"sync": True},
        {"cached": True},
        {"iter_count": 1},
        {"broker": "x"},
        {"word nobody knows": 1},
    ],
    ids=repr_of,
)
def test_nothing_else_runs(said: dict[str, Any]) -> None:
    put(**said)
    (done,) = work_off()
    assert done.success is False
    assert done.hook is None
    assert "JobNotAllowedError" in done.result
    # It is tried as often as any job that fails.
    with context.public():
        assert OrmQ.objects.count() == 1


def test_what_is_refused_leaves_the_queue_after_its_attempts() -> None:
    put(func=TRAP)
    for attempt in range(1, Conf.MAX_ATTEMPTS + 1):
        with context.public():
            assert OrmQ.objects.update(lock=timezone.now()) == 1
        (done,) = work_off()
        assert done.attempt_count == attempt
    with context.public():
        assert not OrmQ.objects.exists()


@pytest.mark.parametrize(
    "content", [b"", b"garbage", b"\x80\x05", pickle.dumps([1]), pickle.dumps(Trapped())]
)
def test_a_package_that_is_no_job_is_refused(content: bytes) -> None:
    class AsItIs:
        @staticmethod
        def dumps(_: object) -> bytes:
            return content

    _enqueue(dumps(None, key=Conf.SECRET_KEY, salt=Conf.PREFIX, serializer=AsItIs))
    (done,) = work_off()
    assert (done.success, done.id[:8]) == (False, "refused-")


def test_what_another_key_signed_is_left_to_be_thrown_away() -> None:
    package = dumps({"func": GOOD}, key="another key", salt=Conf.PREFIX)
    _enqueue(package)
    with as_job_worker(), context.public():
        ((_, handed_out),) = get_broker().dequeue()
    assert handed_out == package


@pytest.mark.parametrize(
    "said",
    [
        {"func": TRAP},
        {"hook": TRAP},
        {"kwargs": f"{{'q_options': {{'hook': '{TRAP}'}}}}"},
        {"kwargs": f"{{'q_options': {{'chain': [('{TRAP}', (), {{}})]}}}}"},
        {"kwargs": "{'q_options': {'sync': True}}", "func": TRAP},
        {"kwargs": f"{{'q_options': {{'sync': True, 'hook': '{TRAP}'}}}}"},
    ],
    ids=repr_of,
)
def test_a_schedule_runs_nothing_else(said: dict[str, str]) -> None:
    with as_owner(), context.public():
        Schedule.objects.all().delete()
        Schedule.objects.create(
            **{"name": "added", "func": GOOD, "next_run": timezone.now(), **said}
        )
        copy_context().run(scheduler, get_broker())
    assert not [done for done in work_off() if done.success]


def test_a_schedule_that_is_refused_holds_up_no_other() -> None:
    with as_owner(), context.public():
        Schedule.objects.all().delete()
        for kind, function in (("O", TRAP), ("O", GOOD), ("I", TRAP), ("I", GOOD)):
            Schedule.objects.create(
                name=f"{kind} {function}",
                func=function,
                schedule_type=kind,
                minutes=5,
                kwargs="{'business': 'alpha'}",
                next_run=timezone.now(),
            )
    with as_job_worker(), context.public():
        copy_context().run(scheduler, get_broker())
        assert set(Schedule.objects.values_list("schedule_type", flat=True)) == {"I"}
    for _ in range(4):
        done = work_off()
    assert sorted((each.func, each.success) for each in done) == [
        *[(GOOD, True)] * 2,
        *[("tenants.jobs.admission.refuse", False)] * 2,
    ]


@pytest.mark.parametrize("said", [{}, {"hook": TRAP}, {"chain": [(TRAP, (), {})]}])
def test_a_job_that_is_to_run_at_once_is_looked_at_too(said: dict[str, Any]) -> None:
    name = GOOD if said else TRAP
    with as_job_worker(), pytest.raises(JobNotAllowedError):
        copy_context().run(async_task, name, sync=True, **said)


def test_a_results_row_calls_no_function() -> None:
    with as_job_worker(), context.public():
        now = timezone.now()
        Task.objects.create(
            id="2" * 32, name="x", func=GOOD, hook=TRAP, started=now, stopped=now, success=True
        ).save()


def test_all_that_we_enqueue_is_on_the_list_and_nothing_more() -> None:
    scheduled = {function for function, _, _ in product.JOB_SCHEDULES.values()}
    assert {*_enqueued(), *scheduled} == set(product.JOBS)
    for name in product.JOBS:
        function = import_string(name)
        assert f"{function.__module__}.{function.__qualname__}" == name


def _enqueued() -> Iterator[str]:
    """The functions that are named where jobs are enqueued."""
    for folder in OURS:
        for file in (ROOT / folder).rglob("*.py"):
            tree = ast.parse(file.read_text())
            modules = {node.module for node in ast.walk(tree) if isinstance(node, ast.ImportFrom)}
            if not modules & {"django_q.tasks", "loyalty.db.enqueue"}:
                continue
            for node in ast.walk(tree):
                if isinstance(node, ast.Constant) and _is_function(node.value):
                    yield str(node.value)


def _is_function(text: object) -> bool:
    if not isinstance(text, str) or text.partition(".")[0] not in OURS or " " in text:
        return False
    module, _, name = text.rpartition(".")
    try:
        return callable(getattr(import_module(module), name, None))
    except (ImportError, ValueError):
        return False


WELL_FORMED: dict[str, Any] = {
    "id": "1",
    "name": "one",
    "func": GOOD,
    "args": (),
    "kwargs": {},
    "started": timezone.now(),
}


WRONG_SECONDS: tuple[object, ...] = ("abc", -1, 0, True, 10**9, [])


@pytest.mark.parametrize(
    "wrong",
    [
        *({word: None} for word in ("id", "name", "started")),
        *({word: 7} for word in ("id", "name", "started", "save", "ack_failure")),
        *({"timeout": value} for value in WRONG_SECONDS),
    ],
)
def test_a_job_that_would_end_its_worker_is_refused(wrong: dict[str, Any]) -> None:
    check(WELL_FORMED)
    with pytest.raises(JobNotAllowedError):
        check(WELL_FORMED | wrong)
