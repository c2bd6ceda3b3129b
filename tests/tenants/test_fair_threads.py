"""Threads that serve all groups in turn."""

import threading
from concurrent.futures import CancelledError, Future
from typing import Any

import pytest

from tenants.fair_threads import FairThreads, TooBusyError

LONG = 10


class Held:
    """Work that goes on until it is let go."""

    def __init__(self) -> None:
        self.begun, self.done = threading.Event(), threading.Event()

    def __call__(self) -> None:
        self.begun.set()
        assert self.done.wait(LONG)


def _threads(count: int = 1, *, at_once: int = 1, waiting: int = 100) -> FairThreads:
    return FairThreads("test", threads=count, at_once=at_once, waiting=waiting)


def test_a_late_group_waits_for_one_of_a_crowd_not_for_all() -> None:
    threads, order, held = _threads(), [], Held()
    first = threads.submit(held, group="crowd")
    assert held.begun.wait(LONG)
    work: list[Future[Any]] = [
        threads.submit(lambda name=name: order.append(name), group=name[0])  # type: ignore[misc]  # mypy sees no default
        for name in ("a1", "a2", "a3", "b1", "b2", "c1")
    ]
    held.done.set()
    for each in (first, *work):
        each.result(LONG)
    assert order == ["a1", "b1", "c1", "a2", "b2", "a3"]


def test_a_crowd_holds_only_its_share_of_the_threads() -> None:
    threads, crowd = _threads(3, at_once=2), [Held() for _ in range(5)]
    work = [threads.submit(each, group="crowd") for each in crowd]
    for each in crowd[:2]:
        assert each.begun.wait(LONG)
    assert threads.submit(lambda: 5, group="other").result(LONG) == 5
    assert [each.begun.is_set() for each in crowd] == [True, True, False, False, False]
    for each in crowd:
        each.done.set()
    for done in work:
        done.result(LONG)


def test_beyond_its_line_a_group_is_turned_away_alone() -> None:
    threads, held = _threads(waiting=2), Held()
    running = threads.submit(held, group="crowd")
    assert held.begun.wait(LONG)
    waiting = [threads.submit(lambda: None, group="crowd") for _ in range(2)]
    with pytest.raises(TooBusyError):
        threads.submit(lambda: None, group="crowd")
    other = threads.submit(lambda: 1, group="other")
    held.done.set()
    assert other.result(LONG) == 1
    for each in (running, *waiting):
        each.result(LONG)
    assert threads.submit(lambda: 2, group="crowd").result(LONG) == 2


def test_cancelled_work_is_never_begun_and_leaves_its_place() -> None:
    threads, held, begun = _threads(waiting=1), Held(), []
    running = threads.submit(held, group="crowd")
    assert held.begun.wait(LONG)
    left = threads.submit(lambda: begun.append(1), group="crowd")
    assert left.cancel()
    stays = threads.submit(lambda: begun.append(2), group="crowd")
    held.done.set()
    for each in (running, stays):
        each.result(LONG)
    with pytest.raises(CancelledError):
        left.result(LONG)
    assert begun == [2]


def test_an_error_is_told_and_the_thread_goes_on() -> None:
    threads = _threads()
    with pytest.raises(ZeroDivisionError):
        threads.submit(lambda: 1 // 0, group="a").result(LONG)
    assert threads.submit(lambda: 3, group="a").result(LONG) == 3


def test_where_the_system_gives_no_thread_the_others_work_or_nobody_waits(
    monkeypatch: pytest.MonkeyPatch,
) -> None:
    threads, held = _threads(2), Held()

    def refused(_thread: threading.Thread) -> None:
        raise RuntimeError("can't start new thread")

    with monkeypatch.context() as patched:
        patched.setattr(threading.Thread, "start", refused)
        with pytest.raises(TooBusyError):
            threads.submit(lambda: 0, group="a")
    running = threads.submit(held, group="a")
    assert held.begun.wait(LONG)
    with monkeypatch.context() as patched:
        patched.setattr(threading.Thread, "start", refused)
        late = threads.submit(lambda: 1, group="b")
    assert threads.submit(lambda: 2, group="c").result(LONG) == 2
    held.done.set()
    running.result(LONG)
    assert late.result(LONG) == 1
