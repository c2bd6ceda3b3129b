"""Threads that serve all groups in turn, so that no group's crowd stands before another's one."""

import threading
from collections import Counter, OrderedDict, deque
from collections.abc import Callable
from concurrent.futures import Future
from functools import partial
from queue import SimpleQueue
from typing import Any, NamedTuple, TypeVar

T = TypeVar("T")


class TooBusyError(Exception):
    """So many of one group wait already that one more is turned away."""


class _Job(NamedTuple):
    group: str
    future: Future[Any]
    work: Callable[[], Any]


class FairThreads:
    """A few long-lived threads; each takes the first piece of work of the group whose turn it is.

    At most `at_once` pieces of one group are worked on at the same moment, and at most `waiting`
    of them wait.
    """

    def __init__(self, name: str, *, threads: int, at_once: int, waiting: int) -> None:
        self._name, self._threads = name, threads
        self._at_once, self._waiting = at_once, waiting
        self._changing = threading.Lock()
        # In the order of their turns; a group without work is not there.
        self._lines: OrderedDict[str, deque[_Job]] = OrderedDict()
        self._busy: Counter[str] = Counter()
        # Where threads without work wait. Each is woken alone, with its work in hand: with one
        # condition for all, it woke while the lock was still held, and cost four times as much.
        self._idle: list[SimpleQueue[_Job]] = []
        self._started = 0

    def submit(self, work: Callable[[], T], *, group: str) -> Future[T]:
        """The result, some day; cancelled before its turn, the work is never begun."""
        job = _Job(group, Future(), work)
        with self._changing:
            line = self._lines.get(group, ())
            if len(line) >= self._waiting:
                raise TooBusyError
            self._grow()
            self._lines.setdefault(group, deque()).append(job)
            job.future.add_done_callback(partial(self._drop, job))
            if self._idle and (following := self._next()):
                self._idle.pop().put(following)
        return job.future

    def _grow(self) -> None:
        """One more thread where none is idle; raises TooBusyError where there is none at all."""
        # Not before there is work: a process that forks afterwards would lose its threads.
        if self._idle or self._started == self._threads:
            return
        inbox: SimpleQueue[_Job] = SimpleQueue()
        name = f"{self._name}-{self._started + 1}"
        try:
            threading.Thread(target=self._serve, args=(inbox,), name=name, daemon=True).start()
        except RuntimeError:
            # The system gives no more: those that are there do the work.
            if not self._started:
                raise TooBusyError from None
            return
        self._started += 1
        self._idle.append(inbox)

    def _serve(self, inbox: SimpleQueue[_Job]) -> None:
        while True:
            job: _Job | None = inbox.get()
            while job is not None:
                if job.future.set_running_or_notify_cancel():
                    _do(job)
                # An idle thread must not keep the last answer, and all it refers to, alive.
                job = self._after(job, inbox)

    def _after(self, job: _Job, inbox: SimpleQueue[_Job]) -> _Job | None:
        """The next piece of work for the thread that has done this one; without any, it is idle."""
        with self._changing:
            self._busy[job.group] -= 1
            if not self._busy[job.group]:
                del self._busy[job.group]
            following = self._next()
            if following is None:
                self._idle.append(inbox)
            return following

    def _next(self) -> _Job | None:
        for group, line in self._lines.items():
            if self._busy[group] < self._at_once:
                job = line.popleft()
                self._busy[group] += 1
                if line:
                    self._lines.move_to_end(group)
                else:
                    del self._lines[group]
                return job
        return None

    def _drop(self, job: _Job, future: Future[Any]) -> None:
        """Take cancelled work out of its line, so that nobody waits behind it."""
        if not future.cancelled():
            return
        with self._changing:
            line = self._lines.get(job.group)
            if line and job in line:
                line.remove(job)
                if not line:
                    del self._lines[job.group]


def _do(job: _Job) -> None:
    try:
        result = job.work()
    except BaseException as error:  # noqa: BLE001  anybody who waits for it hears of it
        job.future.set_exception(error)
    else:
        job.future.set_result(result)
