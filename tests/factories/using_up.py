"""A limit that others have used up, without trying so often."""

from loyalty.db.roundtrip import database_now
from loyalty.guards.allowance import row_name
from loyalty.guards.limits import HOUR, Limit
from loyalty.models import Allowance


def use_up(limit: Limit, key: str, *, but: int = 0) -> None:
    """So many uses are left; where none is, none becomes free while the test runs."""
    full_at = database_now() + limit.step * (limit.number - but) + HOUR * (but == 0)
    Allowance.objects.update_or_create(what=row_name(limit, key), defaults={"full_at": full_at})
