"""How every command here begins and ends."""

import contextlib
import signal
import sys
from collections.abc import Callable, Iterator
from io import TextIOWrapper
from types import FrameType
from typing import NoReturn

from local.errors import LocalError, StopRequest

_STOPPING = (signal.SIGINT, signal.SIGTERM, signal.SIGHUP)


def run(main: Callable[[list[str]], int]) -> NoReturn:
    """Run `main` with the arguments and exit: 1 after a sentence, 128 + n after a signal."""
    _print_anything()
    try:
        with stop_requests():
            code = main(sys.argv[1:])
    except LocalError as problem:
        code = _complain(str(problem))
    except OSError as error:
        code = _complain(_in_words(error))
    except StopRequest as stop:
        code = 128 + stop.number
    sys.exit(code)


@contextlib.contextmanager
def stop_requests() -> Iterator[None]:
    """Inside, the first signal to stop raises StopRequest; later ones cannot disturb the end."""

    def stop(number: int, _frame: FrameType | None) -> NoReturn:
        for each in _STOPPING:
            signal.signal(each, signal.SIG_IGN)
        raise StopRequest(number)

    before = {each: signal.getsignal(each) for each in _STOPPING}
    for each, handler in before.items():
        # nohup ignores SIGHUP, and means it.
        if each != signal.SIGHUP or handler != signal.SIG_IGN:
            signal.signal(each, stop)
    try:
        yield
    finally:
        for each, handler in before.items():
            signal.signal(each, handler)


def _in_words(error: OSError) -> str:
    where = f"{error.filename}: " if error.filename else ""
    hint = " (was it made by another user?)" if isinstance(error, PermissionError) else ""
    return f"{where}{error.strerror or error}{hint}"


def _complain(sentence: str) -> int:
    with contextlib.suppress(OSError):
        print(f"\n{sentence}", file=sys.stderr, flush=True)
    return 1


def _print_anything() -> None:
    # A terminal that cannot show an ellipsis must not stop the demo.
    for stream in (sys.stdout, sys.stderr):
        if isinstance(stream, TextIOWrapper):
            stream.reconfigure(errors="replace")
