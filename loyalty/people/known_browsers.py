"""Browsers in which somebody has signed in before: what strangers try closes nothing for them."""

import secrets
from collections.abc import Sequence
from datetime import datetime, timedelta

from django.db.models import QuerySet

from loyalty.base import tokens
from loyalty.models import KnownBrowser

# As long as browsers keep a cookie at most.
LASTS = timedelta(days=400)
# Of one person; the one that was used longest ago is forgotten.
MOST = 20


def known_browser(
    shown: Sequence[str], *, staff_id: int | None = None, customer_id: int | None = None
) -> int | None:
    """The number of this person's browser that shows one of these tokens; None for a stranger's."""
    if staff_id is None and customer_id is None:
        return None
    found = _of(staff_id, customer_id).filter(digest__in=[tokens.digest(each) for each in shown])
    return found.order_by("pk").values_list("pk", flat=True).first()


def remember_browser(
    known: int | None,
    *,
    now: datetime,
    staff_id: int | None = None,
    customer_id: int | None = None,
) -> str | None:
    """A new token for a browser that was not known; None when it was, and keeps what it has.

    For anybody who has just signed in there: nobody else's browser becomes known.
    """
    if known is not None:
        KnownBrowser.objects.filter(pk=known).update(seen_at=now)
        return None
    token = secrets.token_urlsafe(16)
    KnownBrowser.objects.create(
        digest=tokens.digest(token), staff_id=staff_id, customer_id=customer_id, seen_at=now
    )
    theirs = _of(staff_id, customer_id)
    kept = theirs.order_by("-seen_at", "-pk").values_list("pk", flat=True)[:MOST]
    theirs.exclude(pk__in=list(kept)).delete()
    return token


def _of(staff_id: int | None, customer_id: int | None) -> QuerySet[KnownBrowser]:
    if staff_id is not None:
        return KnownBrowser.objects.filter(staff_id=staff_id)
    return KnownBrowser.objects.filter(customer_id=customer_id or 0)
