"""One collect of a preset in so many minutes (docs/rules.md#a-collect-step-by-step)."""

from collections.abc import Iterable
from datetime import datetime, timedelta

from loyalty.base.errors import Cooldown


def check_cooldown(visits: Iterable[datetime], *, minutes: int | None, at: datetime) -> None:
    """Raise Cooldown while the customer's last collect of this preset is too fresh."""
    if minutes is None:
        return
    wait = timedelta(minutes=minutes)
    near = [visit for visit in visits if at - wait < visit < at + wait]
    if near:
        raise Cooldown(retry_at=max(near) + wait, details={"minutes": minutes})
