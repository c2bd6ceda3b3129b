"""Visits of a demo's customer from before the demo was made."""

from collections.abc import Sequence
from datetime import timedelta
from pathlib import Path
from tempfile import TemporaryDirectory

from loyalty.db.roundtrip import clock, send
from loyalty.importing import ImportRequest, import_history
from loyalty.models import Location


def import_visits(email: str, *, program: str, days_ago: Sequence[int]) -> None:
    """One visit on each of these days, as an import of a history brings them."""
    now = clock()
    send(now)
    days = [(now.only - timedelta(days=ago)).date().isoformat() for ago in days_ago]
    with TemporaryDirectory() as folder:
        table = Path(folder) / "visits.csv"
        table.write_text("\n".join(["email,date", *(f"{email},{day}" for day in days)]))
        import_history(ImportRequest(table, program, str(Location.objects.order_by("pk")[0].pk)))
