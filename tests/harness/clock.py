"""The product's clock, set to a moment; `move_clock` moves it by so much."""

from datetime import datetime

from django.db import connection

from loyalty.db.roundtrip import clock, send


def now() -> datetime:
    """The product's time."""
    found = clock()
    send(found)
    return found.only


def clock_at(at: datetime) -> None:
    """From now on it is this late; the clock goes on."""
    with connection.cursor() as cursor:
        cursor.execute("UPDATE public.test_clock SET shift = %s - clock_timestamp()", [at])
