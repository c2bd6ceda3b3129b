"""Work that comes round every few seconds; `settings.JOB_ROUNDS` says what, and how often.

Threads beside the beat and no jobs of django-q: its schedules count in minutes, and a job would
wait behind the sweeps.
"""

import logging
import time
from collections.abc import Callable, Iterator
from contextlib import contextmanager
from threading import Event, Thread

from django.conf import settings
from django.db import close_old_connections, connections
from django.utils.module_loading import import_string

log = logging.getLogger(__name__)
# As long as the database may think about one statement: a round that is cut off loses nothing,
# because its transaction is taken back.
_PATIENCE = 6.0


@contextmanager
def going_round() -> Iterator[None]:
    """Do the rounds on threads of their own while the block runs."""
    stop = Event()
    threads = [
        Thread(target=_go_round, args=(name, function, seconds, stop), name=name, daemon=True)
        for name, (function, seconds) in settings.JOB_ROUNDS.items()
    ]
    for thread in threads:
        thread.start()
    try:
        yield
    finally:
        stop.set()
        for thread in threads:
            thread.join(_PATIENCE)


def _go_round(name: str, function: str, seconds: float, stop: Event) -> None:
    work: Callable[[], object] = import_string(function)
    while not stop.is_set():
        started = time.monotonic()
        try:
            work()
        except Exception as error:  # noqa: BLE001  the next round must come, whatever this one met
            log.error("The round %s failed: %s", name, type(error).__name__)  # noqa: TRY400  its text may quote data
        # Also lets go of what a long-lived connection remembers about thousands of schemas.
        close_old_connections()
        stop.wait(seconds - (time.monotonic() - started))
    connections.close_all()
