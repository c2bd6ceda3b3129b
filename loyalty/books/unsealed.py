"""Which rows no seal covers yet."""

from datetime import datetime, timedelta
from typing import LiteralString

from loyalty.base import tokens
from loyalty.db.roundtrip import Query, database_now, send

# Ids grow with time, but a transaction may commit after others that began later. None lasts nearly
# as long as this (a statement may take 5 seconds), so nobody looks further back than this.
REACH = timedelta(minutes=10)
PAGE = 20_000
AT_MOST = 20
TABLES: dict[str, tuple[LiteralString, LiteralString]] = {
    "event": ("loyalty_event", "events"),
    "entry": ("loyalty_ledgerentry", "entries"),
}

# Of the newest seal; not later than now, because a database's clock that ran ahead may be set back.
_START: LiteralString = (
    f"WITH start AS (SELECT coalesce((SELECT least(upper(span), %s) - {tokens.id_distance(REACH)}"  # noqa: S608  our own numbers
    " FROM loyalty_seal ORDER BY number DESC LIMIT 1), 0) AS id)"
)
_NEW: LiteralString = (
    "(SELECT '{kind}' AS kind, r.id FROM {table} r WHERE r.id >= (SELECT id FROM start)"
    # NOT IN is one hash table; an anti-join with a small limit would be nested loops.
    " AND r.id NOT IN (SELECT unnest(s.{rows}) FROM loyalty_seal s"
    " WHERE s.span && int8range((SELECT id FROM start), NULL))"
    " ORDER BY r.id LIMIT {limit})"
)
_LEFT_OUT: LiteralString = (
    "WITH page AS (SELECT id FROM {table} WHERE id > %s AND id < %s ORDER BY id LIMIT {limit}),"
    " sealed AS (SELECT unnest(s.{rows}) AS id FROM loyalty_seal s WHERE s.span &&"
    " (SELECT int8range(min(id), max(id), '[]') FROM page HAVING count(*) > 0))"
    " SELECT (SELECT max(id) FROM page), (SELECT count(*) FROM page),"
    " ARRAY(SELECT id FROM page WHERE id NOT IN (SELECT id FROM sealed) ORDER BY id LIMIT {most})"
)


def unsealed(*, now: datetime, limit: int) -> Query[tuple[str, int]]:
    """Kind and id of the oldest committed rows without a seal, the smallest id first."""
    searches = " UNION ALL ".join(
        _NEW.format(kind=kind, table=table, rows=rows, limit=limit)
        for kind, (table, rows) in TABLES.items()
    )
    newest = tokens.ordered_id(now, random=0)
    return Query(f"{_START} {searches} ORDER BY id LIMIT {limit}", [newest])


def left_out(kind: str) -> list[int]:
    """The ids of rows that should long have been sealed, at most 20; looks at the whole table."""
    now = database_now()
    until = tokens.ordered_id(now - REACH, random=0)
    table, rows = TABLES[kind]
    sql = _LEFT_OUT.format(table=table, rows=rows, limit=PAGE, most=AT_MOST)
    found: list[int] = []
    last, count = -(2**63), PAGE
    while count == PAGE and len(found) < AT_MOST:
        page: Query[tuple[int, int, list[int]]] = Query(sql, [last, until])
        send(page)
        last, count, missed = page.only
        found += missed
    return found[:AT_MOST]
