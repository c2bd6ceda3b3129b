"""How often this process waits for the database."""

from collections.abc import Iterator
from contextlib import contextmanager
from typing import Any
from unittest.mock import patch

from django.db import connection

from loyalty.db import pipeline
from loyalty.db import roundtrip as trip


@contextmanager
def round_trips() -> Iterator[list[str]]:
    """Collects the first statement of each round trip; everything is still done."""
    found: list[str] = []
    run = pipeline.run

    def seen(raw: Any, plans: Any, statements: Any) -> Any:
        found.append(statements[0].sql)
        return run(raw, plans, statements)

    def executed(execute: Any, sql: str, *rest: Any) -> Any:
        found.append(sql)
        return execute(sql, *rest)

    with patch.object(trip, "run", seen), connection.execute_wrapper(executed):
        yield found
