"""Many addresses become customers, each once."""

import secrets
from collections.abc import Iterable
from datetime import datetime
from typing import Any

from loyalty.base import exempt
from loyalty.base.email_address import mailbox
from loyalty.db.roundtrip import Query, send

_KNOWN = "SELECT email FROM loyalty_customer WHERE email = ANY(%s)"
_PERSONS = """
SELECT mailbox, person FROM loyalty_customer WHERE mailbox = ANY(%s) AND person IS NOT NULL
"""
# Anybody who signs in with one of them at the same time comes first or finds the row.
_INSERT = """
INSERT INTO loyalty_customer (id, email, mailbox, person, language, created_at)
SELECT n, e, m, p, '', %s
  FROM unnest(%s::bigint[], %s::text[], %s::text[], %s::bigint[]) AS u (n, e, m, p)
    ON CONFLICT (email) DO NOTHING RETURNING 1
"""


@exempt.asked_already("part of an import")
def enrol_many(emails: Iterable[str], *, now: datetime) -> int:
    """How many of the addresses were new and have a customer now; nobody gets a mail.

    As `enrol_customer`: addresses of one mailbox share a `person`. For the caller's transaction.
    """
    wanted = sorted(set(emails))
    known = Query(_KNOWN, [wanted], row=lambda row: str(row[0]))
    send(known)
    new = sorted(set(wanted) - set(known.rows))
    if not new:
        return 0
    boxes = [mailbox(email) for email in new]
    same: Query[tuple[Any, ...]] = Query(_PERSONS, [sorted(set(boxes))])
    send(same)
    persons: dict[str, int] = dict(same.rows)
    numbers = [secrets.randbits(62) for _ in new]
    who = [persons.setdefault(box, secrets.randbits(62)) for box in boxes]
    made: Query[tuple[Any, ...]] = Query(_INSERT, [now, numbers, new, boxes, who])
    send(made)
    return len(made.rows)
