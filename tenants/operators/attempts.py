"""How often an operator's password may be tried, counted in the database for all processes.

A try is counted before the password is looked at, so those that come at once are counted too.
Rows are few whatever is sent: two for each operator and at most 8,192 for callers' words.
"""

import hmac

from django.conf import settings
from django.db import connection

from tenants import context

TRIES = 10
MINUTES = 15
# Words of a caller fall into one of so many rows; two rarely meet, and nobody invents more.
_BUCKETS = 4096
# Nothing is written any more once the tries are used up, until the time is over.
_TRY = """
INSERT INTO tenants_operatorattempts AS kept (key, tries, since)
VALUES (%(key)s, 1, clock_timestamp())
ON CONFLICT (key) DO UPDATE SET
    tries = CASE WHEN kept.since < EXCLUDED.since - make_interval(mins => %(minutes)s)
        THEN 1 ELSE kept.tries + 1 END,
    since = CASE WHEN kept.since < EXCLUDED.since - make_interval(mins => %(minutes)s)
        THEN EXCLUDED.since ELSE kept.since END
WHERE kept.tries < %(most)s
   OR kept.since < EXCLUDED.since - make_interval(mins => %(minutes)s)
RETURNING key
"""
_FORGET = "UPDATE tenants_operatorattempts SET tries = 0 WHERE key = ANY(%s)"


def account_key(email: str, operator_id: int | None, *, is_known_browser: bool) -> str:
    """The key of tries at an account; names that nobody has are counted alike, in few rows.

    A browser that this operator has signed in with counts by itself: strangers who use up the
    tries of the account keep its owner out of new browsers only.
    """
    if operator_id is None:
        return f"nobody:{_bucket(email)}"
    return f"operator:{operator_id}{':known' if is_known_browser else ''}"


def address_key(address: str) -> str:
    """The key of tries from an address."""
    return f"address:{_bucket(address)}"


def _bucket(word: str) -> int:
    digest = hmac.digest(settings.SECRET_KEY.encode(), f"tries {word}".encode(), "sha256")
    return int.from_bytes(digest[:4]) % _BUCKETS


def begin(keys: list[str]) -> bool:
    """Count one try for each key; False when one of them has none left, and then do not look."""
    with context.public(), connection.cursor() as cursor:
        for key in keys:
            cursor.execute(_TRY, {"key": key, "minutes": MINUTES, "most": TRIES})
            if cursor.fetchone() is None:
                return False
    return True


def forget(keys: list[str]) -> None:
    """Give all tries back: the password was right."""
    with context.public(), connection.cursor() as cursor:
        cursor.execute(_FORGET, [keys])


def forget_account(operator_id: int) -> None:
    """End a lock of this operator's account."""
    forget([f"operator:{operator_id}", f"operator:{operator_id}:known"])
