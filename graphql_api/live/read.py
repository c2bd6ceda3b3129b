"""The one way from the event loop to the database: a few threads with connections of their own."""

import asyncio
import contextvars
from collections.abc import Callable
from concurrent.futures import ThreadPoolExecutor
from functools import partial
from typing import TypeVar

from django.conf import settings
from django.db import close_old_connections

from loyalty import deadline
from loyalty.deadline import Deadline

T = TypeVar("T")
_THREADS = ThreadPoolExecutor(max_workers=4, thread_name_prefix="live-read")


async def read(work: Callable[[], T]) -> T:
    """Run `work` in a thread, inside the business of the calling task."""
    # The copied context carries the business; the thread itself never has one.
    inside = contextvars.copy_context()
    loop = asyncio.get_running_loop()
    return await loop.run_in_executor(_THREADS, partial(inside.run, _closing, work))


def _closing(work: Callable[[], T]) -> T:
    close_old_connections()
    try:
        with deadline.within(Deadline(settings.REQUEST_SECONDS)):
            return work()
    finally:
        close_old_connections()
