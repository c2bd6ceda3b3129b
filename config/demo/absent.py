"""A customer of the demo who came each week, and then stayed away."""

from datetime import timedelta
from pathlib import Path
from tempfile import TemporaryDirectory

from loyalty.actions.import_history import Wanted, import_history
from loyalty.actions.note_absence import note_absence
from loyalty.models import Customer, Location, Settings
from loyalty.trip import clock, trip

_AFTER_DAYS = 30
_DAYS_AGO = (66, 59, 52, 45)


def stay_away(email: str, *, program: str) -> None:
    """Imported visits of long ago, and the absence that the daily round would note."""
    Settings.objects.update(absent_after_days=_AFTER_DAYS, absent_after_percent=300)
    now = clock()
    trip(now)
    days = [(now.only - timedelta(days=ago)).date().isoformat() for ago in _DAYS_AGO]
    with TemporaryDirectory() as folder:
        table = Path(folder) / "visits.csv"
        table.write_text("\n".join(["email,date", *(f"{email},{day}" for day in days)]))
        import_history(Wanted(table, program, str(Location.objects.order_by("pk")[0].pk)))
    note_absence(Customer.objects.get(email=email).pk)
