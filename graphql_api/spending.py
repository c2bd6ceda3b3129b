"""What one operation has used up: values in its answer, and the time of its request."""

from dataclasses import dataclass, field

from graphql import FieldNode

from graphql_api import technical
from graphql_api.errors import PublicError
from loyalty.db import deadline

# Measured: 8 to 19 µs of CPU for each value of a list that is there, so about a second in all.
MOST_VALUES = 80_000


@dataclass(slots=True)
class Spending:
    """Of one operation; made by its context."""

    # By list field: the values of one of its rows, lists inside it aside.
    row_values: dict[int, int] = field(default_factory=dict)
    values: int = 0
    stopped: PublicError | None = None

    def check(self) -> None:
        """Raise what ended the operation, if anything did."""
        if self.stopped is not None:
            raise self.stopped
        running = deadline.running()
        if running is not None:
            running.check()

    def add_rows(self, count: int, nodes: list[FieldNode]) -> None:
        """Count the rows of a list that is about to be answered; raises LIMIT_EXCEEDED."""
        values = 1 + sum(self.row_values.get(id(node), 0) for node in nodes)
        self.values += count * values
        if self.values > MOST_VALUES:
            self.stopped = too_much()
            raise self.stopped


def too_much() -> PublicError:
    """What is there is more than one answer may hold."""
    return PublicError(
        "LIMIT_EXCEEDED",
        technical.TOO_LARGE_ANSWER.format(most=MOST_VALUES),
    )


def out_of_time() -> PublicError:
    """The request was ended by its deadline."""
    return PublicError("TIMEOUT", technical.OUT_OF_TIME)
