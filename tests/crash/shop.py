"""What the clients of one run share, and the hands by which each of them acts."""

from collections.abc import Callable, Sequence
from concurrent.futures import ThreadPoolExecutor
from dataclasses import dataclass, field
from random import Random
from typing import Any
from uuid import UUID

from tests.crash.crew import Crew, Someone
from tests.crash.notes import Answer, Notes
from tests.crash.patient import Patient
from tests.harness.servers import Door


@dataclass(frozen=True)
class Sale:
    """An acknowledged collect."""

    session: str
    token: str
    who: Someone


@dataclass(frozen=True)
class Card:
    """A card that has or had a bonus, and whose it is."""

    id: str
    who: Someone
    program: str


@dataclass
class Shop:
    """The place, its people, and what they have in hand."""

    crew: Crew
    location: str
    programs: dict[str, str]
    doors: Sequence[Door]
    notes: Notes
    cards: list[Card] = field(default_factory=list)
    sales: list[Sale] = field(default_factory=list)
    given: list[str] = field(default_factory=list)

    @classmethod
    def of(cls, demo: dict[str, Any], crew: Crew, doors: Sequence[Door], notes: Notes) -> "Shop":
        """The demo's business `lumo` with these people, behind these doors."""
        programs = {each["name"]: each["id"] for each in demo["programs"]}
        return cls(crew, demo["locations"][0]["id"], programs, doors, notes)


class Hands:
    """One client's line, its chance, and a second line for what happens at the same moment."""

    def __init__(self, shop: Shop, *, seed: str) -> None:
        self.shop, self.random = shop, Random(seed)  # noqa: S311  it shall repeat itself
        self.line = self._line(seed)
        self._twins = [self._line(f"{seed} twin {number}") for number in range(2)]
        self._pool = ThreadPoolExecutor(len(self._twins))

    def happens(self, chance: float) -> bool:
        """Whether something happens that happens so often."""
        return self.random.random() < chance

    def key(self) -> str:
        """A new idempotency key."""
        return str(UUID(int=self.random.getrandbits(128), version=4))

    def staff(self) -> Someone:
        """Anybody at the counter."""
        return self.random.choice(self.shop.crew.staff)

    def at_once(self, *deeds: Callable[[Patient], None]) -> None:
        """Two deeds at the same moment."""
        calls = [self._pool.submit(do, line) for do, line in zip(deeds, self._twins, strict=True)]
        for call in calls:
            call.result()

    def close(self) -> None:
        """Go home."""
        self._pool.shutdown()

    def _line(self, seed: str) -> Patient:
        return Patient(self.shop.doors, Random(seed), self.shop.notes)  # noqa: S311  the same


def only(answer: Answer, *names: str) -> Answer:
    """The part of an answer that repetitions must have too."""
    return {name: answer[name] for name in names}
