"""How many are done of all, on a terminal or in a log."""

import time
from collections.abc import Callable
from typing import TextIO

# A terminal's whole line is written again.
_CLEAR = "\r\x1b[K"
_SECONDS = 10.0


class CountLine:
    """A line that is rewritten on a terminal; elsewhere one every ten seconds, if it takes so long.

    `clock` counts seconds.
    """

    def __init__(self, out: TextIO, *, clock: Callable[[], float] = time.monotonic) -> None:
        self._out, self._is_drawn, self._clock = out, out.isatty(), clock
        self._told_at = clock()

    def tell(self, whose: str, done: int, total: int) -> None:
        """Show that so many customers of all are done."""
        text = f"{whose}: {done:,} of {total:,} customers"
        if self._is_drawn:
            self._out.write(f"{_CLEAR}{text}")
            self._out.flush()
        elif self._clock() - self._told_at >= _SECONDS:
            self._out.write(f"{text}\n")
            self._out.flush()
            self._told_at = self._clock()

    def close(self) -> None:
        """Make room for what was found."""
        if self._is_drawn:
            self._out.write(_CLEAR)
            self._out.flush()
