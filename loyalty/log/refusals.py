"""How a refusal is kept in the log: of customers, staff and addresses alike."""

from datetime import datetime
from typing import Any, Unpack

from loyalty.base.errors import Refused
from loyalty.db.roundtrip import Query
from loyalty.events.refusals import RefusedDetails
from loyalty.log.lines import LineColumns, log_line


def refusal_line(
    refused: Refused, *, at: datetime, now: datetime | None = None, **columns: Unpack[LineColumns]
) -> Query[Any]:
    """The statement that keeps why; one line a customer, session and reason, however often.

    Lines without a customer or a session are not told apart by that: their callers count them.
    """
    columns["code"] = refused.code
    line = log_line(RefusedDetails.of(refused), at=at, now=now, **columns)
    return Query(f"{line.sql} ON CONFLICT DO NOTHING", line.params)
