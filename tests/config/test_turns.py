"""Nobody's crowd holds all threads, and everybody has their turn."""

import asyncio
import random
from collections import Counter
from collections.abc import Awaitable, Callable
from contextlib import suppress

import pytest

from config.turns import Caller, NoTurnError, Turns, share
from config.who_asks import caller_of

THREADS = 8


class Floor:
    """The threads, as tests see them: who holds one, and the most that anybody held at once."""

    def __init__(self, turns: Turns) -> None:
        self.turns = turns
        self.held: Counter[str] = Counter()
        self.most: Counter[str] = Counter()
        self.done: list[Caller] = []

    async def work(self, caller: Caller, until: Callable[[], Awaitable[object]]) -> None:
        turn = await self.turns.taken(caller)
        names = (caller.business, f"{caller.business}/{caller.person}", "all")
        for name in names:
            self.held[name] += 1
            self.most[name] = max(self.most[name], self.held[name])
        try:
            await until()
            self.done.append(caller)
        finally:
            for name in names:
                self.held[name] -= 1
            turn.end()
            # Said twice, it ends nobody else's.
            turn.end()


async def _soon() -> None:
    for _ in range(5):
        await asyncio.sleep(0)


def _run(play: Callable[[Floor], Awaitable[None]], *, patience: float = 5.0) -> None:
    async def whole() -> None:
        await play(Floor(Turns(THREADS, patience=patience)))

    asyncio.run(whole())


def test_a_crowd_of_one_business_leaves_threads_for_others() -> None:
    async def play(floor: Floor) -> None:
        end = asyncio.Event()
        crowd = [
            asyncio.create_task(floor.work(Caller("loud", str(n)), end.wait)) for n in range(40)
        ]
        await _soon()
        assert floor.held["loud"] == 4
        for n in range(5):
            await asyncio.wait_for(floor.work(Caller("calm", str(n)), _soon), 1)
        # Two more crowds: each leaves one for the next.
        for name, most in (("second", 2), ("third", 1)):
            crowd += [
                asyncio.create_task(floor.work(Caller(name, str(n)), end.wait)) for n in range(9)
            ]
            await _soon()
            assert floor.held[name] == most
        end.set()
        await asyncio.gather(*crowd)
        assert floor.most["all"] <= THREADS

    _run(play)


def test_a_person_has_three() -> None:
    async def play(floor: Floor) -> None:
        end = asyncio.Event()
        mine = [asyncio.create_task(floor.work(Caller("a", "ann"), end.wait)) for _ in range(9)]
        await _soon()
        assert floor.held["a/ann"] == 3
        await asyncio.wait_for(floor.work(Caller("a", "bob"), _soon), 1)
        end.set()
        await asyncio.gather(*mine)

    _run(play)


def test_a_queue_at_one_counter_waits_and_is_served() -> None:
    """Sixty-four customers at once, and a colleague with sixty-four taps: nobody is refused."""

    async def play(floor: Floor) -> None:
        queue = [floor.work(Caller("a", str(n)), _soon) for n in range(64)]
        taps = [floor.work(Caller("a", "staff"), _soon) for _ in range(64)]
        await asyncio.gather(*queue, *taps)
        assert len(floor.done) == 128

    _run(play)


def test_whoever_waits_too_long_is_told_to_come_again() -> None:
    async def play(floor: Floor) -> None:
        end = asyncio.Event()
        held = [asyncio.create_task(floor.work(Caller("a", "ann"), end.wait)) for _ in range(3)]
        await _soon()
        with pytest.raises(NoTurnError):
            await floor.work(Caller("a", "ann"), _soon)
        end.set()
        await asyncio.gather(*held)
        await floor.work(Caller("a", "ann"), _soon)

    _run(play, patience=0.05)


def test_turns_are_never_lost() -> None:
    """Callers come, leave while they wait, and leave while they work, in any order."""

    async def play(floor: Floor) -> None:
        chance = random.Random(3)  # noqa: S311  repeatable
        running: list[asyncio.Task[None]] = []
        for _ in range(1_500):
            caller = Caller(chance.choice("abc"), chance.choice("xyz"))
            running.append(asyncio.create_task(floor.work(caller, _soon)))
            if chance.random() < 0.3:
                chance.choice(running).cancel()
            if chance.random() < 0.3:
                await asyncio.sleep(0)
        for each in running:
            with suppress(asyncio.CancelledError, NoTurnError):
                await each
        assert not +floor.held
        assert THREADS - 3 <= floor.most["all"] <= THREADS
        assert max(floor.most[f"{b}/{p}"] for b in "abc" for p in "xyz") == 3
        assert not floor.turns.is_busy()

    _run(play)


def test_a_share_leaves_one_for_the_next_as_long_as_there_is_one() -> None:
    for threads in range(2, 65):
        assert 1 <= share(threads) < threads
    assert share(1) == share(0) == 1


def test_who_asks() -> None:
    usual = {
        "host": "x.example",
        "authorization": "",
        "cookie": "",
        "forwarded": "",
        "address": "1",
    }
    assert caller_of(**usual) == Caller("?", "1")
    # Tokens that nobody gave out make no people.
    for invented in ({"authorization": "Bearer a"}, {"cookie": "a=b; plusone=tok; c=d"}):
        assert caller_of(**{**usual, **invented}) == Caller("?", "1")
    # Invented hosts do not make many businesses out of one caller.
    assert caller_of(**{**usual, "host": "y.example"}) == caller_of(**usual)
