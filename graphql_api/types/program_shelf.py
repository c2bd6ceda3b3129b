"""Programs of things that are shown together."""

from graphql_api.types.program import Program, programs
from loyalty.base.errors import NotFound
from loyalty.programs import catalogue


class Programs:
    """The programs of things that are shown together, read at once when one is asked for."""

    def __init__(self, numbers: set[int]) -> None:
        self._numbers = numbers
        self._found: dict[int, Program] | None = None

    def get(self, number: int) -> Program:
        """One of them; raises NotFound."""
        if self._found is None:
            rows = catalogue.programs_by_number(self._numbers)
            self._found = dict(zip(rows, programs(list(rows.values())), strict=True))
        if number not in self._found:
            raise NotFound
        return self._found[number]
