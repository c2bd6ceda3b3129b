"""How far an import is, on a terminal or in a log."""

from typing import TextIO

_WIDTH = 30
_EVERY = 10


class ProgressBar:
    """A bar that is drawn again on a terminal; elsewhere a plain line at every tenth."""

    def __init__(self, out: TextIO) -> None:
        self._out, self._is_drawn = out, out.isatty()
        self._stage, self._told = "", -1

    def tell(self, stage: str, done: int, total: int) -> None:
        """Show that so much of `total` is done."""
        percent = 100 * done // total if total else 100
        if self._is_drawn:
            bar = "#" * (_WIDTH * percent // 100)
            self._out.write(f"\r{stage:<10} [{bar:<{_WIDTH}}] {percent:3d} %")
            self._out.flush()
        elif (stage, percent // _EVERY) != (self._stage, self._told):
            self._out.write(f"{stage}: {percent} %\n")
        self._stage, self._told = stage, percent // _EVERY

    def close(self) -> None:
        """Leave the line."""
        if self._is_drawn and self._stage:
            self._out.write("\n")
