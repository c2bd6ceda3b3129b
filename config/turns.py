"""Who may have a thread now: nobody's crowd holds them all, and who waits, waits on the loop.

A business has 60 % of the threads at most that others leave, so that there is one for the next; a
person has three. Threads that come free go to the business that has fewest of them, and there to
the person whose turn it is.
"""

import asyncio
from collections import Counter, OrderedDict, deque
from typing import NamedTuple, TypeVar

Key = TypeVar("Key")
A_PERSON, _SHARE_PERCENT = 3, 60
# More of one business are turned away at once: they would not have their turn in time.
_MOST_WAITING = 512


class Caller(NamedTuple):
    """Who asks for a thread."""

    business: str
    person: str
    # By a token that was good lately; others are counted by their address.
    is_known: bool = False


class NoTurnError(Exception):
    """So many of the business wait, or so long, that it is better to come again."""


class Turns:
    """The turns of one process's threads; to be used on its event loop alone."""

    def __init__(self, threads: int, *, a_person: int = A_PERSON, patience: float = 5.0) -> None:
        self._threads, self._a_person, self._patience = threads, a_person, patience
        self._running: Counter[str] = Counter()
        self._of_person: Counter[Caller] = Counter()
        # By business and person, in the order of their turns; who does not wait is not there.
        self._waiting: OrderedDict[str, OrderedDict[Caller, deque[asyncio.Future[None]]]] = (
            OrderedDict()
        )

    async def taken(self, caller: Caller) -> "Turn":
        """A turn, which its holder ends; raises NoTurnError when none comes in time."""
        if not self._waiting and self._may_begin(caller):
            self._count(caller)
        else:
            await self._waited_for(caller)
        return Turn(self, caller)

    def is_busy(self) -> bool:
        """True while anybody has a turn or waits for one."""
        return bool(self._running or self._of_person or self._waiting)

    async def _waited_for(self, caller: Caller) -> None:
        people = self._waiting.setdefault(caller.business, OrderedDict())
        # What a known person has open is bounded already: no crowd of guests turns them away.
        if not caller.is_known and sum(map(len, people.values())) >= _MOST_WAITING:
            raise NoTurnError
        turn = asyncio.get_running_loop().create_future()
        people.setdefault(caller, deque()).append(turn)
        self._admit()
        try:
            async with asyncio.timeout(self._patience):
                await asyncio.shield(turn)
        except BaseException as error:
            # It may have come at the very moment at which its caller left.
            if turn.done():
                self.give_back(caller)
            else:
                self._leave(caller, turn)
            if isinstance(error, TimeoutError):
                raise NoTurnError from None
            raise

    def give_back(self, caller: Caller) -> None:
        """End one turn of the caller's, and let the next ones begin."""
        _less(self._running, caller.business)
        _less(self._of_person, caller)
        self._admit()

    def _admit(self) -> None:
        """Give away the turns that are free."""
        while self._running.total() < self._threads:
            caller = self._next()
            if caller is None:
                return
            people = self._waiting[caller.business]
            turn = people[caller].popleft()
            # Behind the others from now on.
            people.move_to_end(caller)
            self._waiting.move_to_end(caller.business)
            self._forget_empty(caller)
            self._count(caller)
            turn.set_result(None)

    def _count(self, caller: Caller) -> None:
        self._running[caller.business] += 1
        self._of_person[caller] += 1

    def _may_begin(self, caller: Caller) -> bool:
        """True where a thread is free and neither business nor person has its share of them."""
        return (
            self._running.total() < self._threads
            and self._running[caller.business] < self._share(caller.business)
            and self._of_person[caller] < self._a_person
        )

    def _next(self) -> Caller | None:
        for business in sorted(self._waiting, key=lambda each: self._running[each]):
            if self._running[business] < self._share(business):
                for caller in self._waiting[business]:
                    if self._of_person[caller] < self._a_person:
                        return caller
        return None

    def _share(self, business: str) -> int:
        others = self._running.total() - self._running[business]
        return share(self._threads - others)

    def _leave(self, caller: Caller, turn: asyncio.Future[None]) -> None:
        self._waiting[caller.business][caller].remove(turn)
        self._forget_empty(caller)

    def _forget_empty(self, caller: Caller) -> None:
        people = self._waiting[caller.business]
        if not people[caller]:
            del people[caller]
        if not people:
            del self._waiting[caller.business]


class Turn:
    """One caller's turn; it ends once, however often that is said."""

    __slots__ = ("_caller", "_turns")

    def __init__(self, turns: Turns, caller: Caller) -> None:
        self._turns: Turns | None = turns
        self._caller = caller

    def end(self) -> None:
        """Let the next caller have it."""
        turns, self._turns = self._turns, None
        if turns is not None:
            turns.give_back(self._caller)


def share(free: int) -> int:
    """How many of the threads that others leave one business may have; at least one."""
    return max(1, free * _SHARE_PERCENT // 100)


def _less(counted: Counter[Key], key: Key) -> None:
    counted[key] -= 1
    if not counted[key]:
        del counted[key]
