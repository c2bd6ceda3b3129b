"""How a line of the log is written, with its id: the one place that makes rows of events.

A line's kind is that of its details, which are a class of their own for each kind
(`loyalty/events/`).
"""

from datetime import datetime
from typing import Any, TypedDict, Unpack

from loyalty.db.ids import new_id
from loyalty.db.roundtrip import Condition, Query, insert
from loyalty.events.details import EventDetails
from loyalty.models import Event


class LineColumns(TypedDict, total=False):
    """What a line may say in columns; what is left out is null, and no `code`."""

    location_id: int | None
    staff_id: int | None
    device_id: int | None
    preset_id: int | None
    session_id: int | None
    card_id: int | None
    card_version: int | None
    version_id: int | None
    units: int | None
    amount: int | None
    points: int | None
    policy: Any
    customer_id: int | None
    code: str


def line_values(
    details: EventDetails, *, number: int, at: datetime, **columns: Unpack[LineColumns]
) -> dict[str, Any]:
    """The line by its columns, however it is written."""
    return {
        "id": number,
        # Its text: psycopg adapts a member of an enumeration ten times slower.
        "kind": details.event_kind.value,
        "at": at,
        **columns,
        "details": details.stored(),
    }


def line_query(values: dict[str, Any], only_if: Condition | None = None) -> Query[Any]:
    """The statement that writes a line of these values, for a round trip."""
    return insert(Event, only_if, **values)


def log_line(
    details: EventDetails,
    *,
    at: datetime,
    now: datetime | None = None,
    only_if: Condition | None = None,
    **columns: Unpack[LineColumns],
) -> Query[Any]:
    """The statement that writes what happened `at`, for a round trip.

    It is written `now`, where that is another moment: a scan may have waited for its customer.
    """
    return line_query(line_values(details, number=new_id(now or at), at=at, **columns), only_if)


def write_line(
    details: EventDetails,
    *,
    at: datetime,
    number: int | None = None,
    **columns: Unpack[LineColumns],
) -> Event:
    """The line, written; `number` where ids of several were made together."""
    values = line_values(details, number=number or new_id(at), at=at, **columns)
    return Event.objects.create(**values)
