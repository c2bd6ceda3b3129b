"""Forgets what has served its time: addresses above all."""

from datetime import timedelta

from django.db.models import Q

from loyalty.base import exempt
from loyalty.db.roundtrip import database_now
from loyalty.models import (
    AccessToken,
    Allowance,
    IdempotencyKey,
    KnownBrowser,
    PairingCode,
    QueuedSession,
    SignInLink,
    Tally,
)
from loyalty.people import known_browsers

DAY = timedelta(days=1)
# A link that was used is kept as long as the browser that asked may repeat it.
LINKS_KEPT = timedelta(days=2)


@exempt.for_operators("a daily job asks it")
def prune() -> int:
    """The number of rows removed; nothing of value is among them."""
    now = database_now()
    over = [
        # The session itself stays, pending for ever: units that nobody fetched in time.
        QueuedSession.objects.filter(expires_at__lte=now),
        SignInLink.objects.filter(link_expires_at__lte=now - LINKS_KEPT),
        IdempotencyKey.objects.filter(created_at__lte=now - DAY),
        PairingCode.objects.filter(expires_at__lte=now - DAY),
        # All of it is free again.
        Allowance.objects.filter(full_at__lte=now),
        KnownBrowser.objects.filter(seen_at__lte=now - known_browsers.LASTS),
        Tally.objects.filter(window__lte=now - 2 * DAY),
        AccessToken.objects.filter(Q(expires_at__lte=now - DAY) | Q(revoked_at__lte=now - DAY)),
    ]
    return sum(rows.delete()[0] for rows in over)
