"""A customer of the demo who came each week, and then stayed away."""

from demo.past_visits import import_visits
from loyalty.expiry import note_absence
from loyalty.models import Customer, Settings

_AFTER_DAYS = 30
_DAYS_AGO = (66, 59, 52, 45)


def stay_away(email: str, *, program: str) -> None:
    """Imported visits of long ago, and the absence that the daily round would note."""
    Settings.objects.update(absent_after_days=_AFTER_DAYS, absent_after_percent=300)
    import_visits(email, program=program, days_ago=_DAYS_AGO)
    note_absence(Customer.objects.get(email=email).pk)
