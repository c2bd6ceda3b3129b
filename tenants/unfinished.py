"""What has been begun and is not whole: bodies on their way, sockets that have not said who opens.

Few of one address are kept. Those who send what they begin are done before it is anybody's turn to
go: so the one that was begun first goes, and not the newest.
"""

from collections.abc import Callable
from functools import partial

from django.conf import settings


class Unfinished:
    """By address, in the order in which they began; to be used on the event loop alone."""

    def __init__(self, *, most: int) -> None:
        self._most = most
        self._begun: dict[str, dict[object, Callable[[], None]]] = {}

    def begin(self, address: str, *, give_way: Callable[[], None]) -> Callable[[], None]:
        """Count one more; call what comes back when it is whole, or over.

        `give_way` is called at most once: when the address has begun too many after it.
        """
        mine = self._begun.setdefault(address, {})
        if len(mine) >= self._most:
            mine.pop(next(iter(mine)))()
        mark = object()
        mine[mark] = give_way
        return partial(self._end, address, mark)

    def is_empty(self) -> bool:
        """True while all is whole."""
        return not self._begun

    def _end(self, address: str, mark: object) -> None:
        mine = self._begun.get(address, {})
        mine.pop(mark, None)
        if not mine:
            self._begun.pop(address, None)


unfinished = Unfinished(most=settings.UNFINISHED_PER_ADDRESS)
