"""What stands in the database now, in plain values."""

from dataclasses import dataclass
from datetime import datetime
from typing import Any, LiteralString

from loyalty.db.roundtrip import Query, send

_CARDS: LiteralString = """
SELECT c.id, c.customer_id, c.program_id, v.number, c.version, c.visits, c.points, c.last_visit_at,
       c.units_end_at, c.streak_days, c.streak_last_at, c.streak_freezes_used, c.streaks_owed
  FROM loyalty_card c JOIN loyalty_programversion v ON v.id = c.promise_id
"""
_COUNTERS: LiteralString = "SELECT card_id, tier_id, open, debt FROM loyalty_counter"
_LEDGER: LiteralString = (
    "SELECT card_id, tier_id, kind, sum(units) FROM loyalty_ledgerentry GROUP BY 1, 2, 3"
)
_BONUSES: LiteralString = (
    "SELECT b.id, b.card_id, b.session_id, b.source, coalesce(b.tier_id, v.threshold), b.status,"
    " b.expires_at FROM loyalty_bonus b LEFT JOIN loyalty_level v ON v.id = b.level_id"
    " ORDER BY b.id"
)
_VERSIONS: LiteralString = (
    "SELECT card_id, card_version, array_agg(line ORDER BY line) FROM loyalty_ledgerentry"
    " GROUP BY 1, 2"
)
_REDEMPTIONS: LiteralString = (
    "SELECT id, card_id, bonus_id, status, expires_at, resume_until FROM loyalty_redemption"
)
# Everything that has a value. Refusals add their decision to the log and their try to a tally.
_ROWS: LiteralString = """
SELECT md5(concat(
  (SELECT string_agg(x::text, '|' ORDER BY id) FROM loyalty_earnsession x),
  (SELECT string_agg(x::text, '|' ORDER BY id) FROM loyalty_card x),
  (SELECT string_agg(x::text, '|' ORDER BY id) FROM loyalty_counter x),
  (SELECT string_agg(x::text, '|' ORDER BY id) FROM loyalty_ledgerentry x),
  (SELECT string_agg(x::text, '|' ORDER BY id) FROM loyalty_bonus x),
  (SELECT string_agg(x::text, '|' ORDER BY id) FROM loyalty_redemption x),
  (SELECT string_agg(x::text, '|' ORDER BY session_id) FROM loyalty_queuedsession x),
  (SELECT string_agg(x::text, '|' ORDER BY id) FROM loyalty_programversion x),
  (SELECT string_agg(x::text, '|' ORDER BY id) FROM loyalty_customer x),
  (SELECT string_agg(x::text, '|' ORDER BY id) FROM loyalty_event x WHERE kind <> 'refused')
))
"""


@dataclass(frozen=True)
class Look:
    """The rows of one moment."""

    cards: dict[tuple[int, int], dict[str, Any]]
    bonuses: list[tuple[Any, ...]]
    redemptions: list[tuple[int, int, int, str, datetime, datetime]]
    lines: list[tuple[int, int, list[int]]]


def look() -> Look:
    """Read it all, in one round trip."""
    cards, counters, ledger = Query[Any](_CARDS), Query[Any](_COUNTERS), Query[Any](_LEDGER)
    bonuses, redemptions, lines = (
        Query[Any](_BONUSES),
        Query[Any](_REDEMPTIONS),
        Query[Any](_VERSIONS),
    )
    send(cards, counters, ledger, bonuses, redemptions, lines)
    found: dict[int, dict[str, Any]] = {}
    for number, customer, program, edition, version, visits, points, *times in cards.rows:
        found[number] = {
            "id": number,
            "of": (customer, program),
            "edition": edition,
            "changes": version,
            "visits": visits,
            "points": points,
            "last_at": times[0],
            "units_end_at": times[1],
            "streak": (times[2], times[3], times[4]),
            "streaks_owed": times[5],
            "counters": {},
            "ledger": {},
        }
    for card, tier, units, debt in counters.rows:
        found[card]["counters"][tier] = (units, debt)
    for card, tier, kind, total in ledger.rows:
        found[card]["ledger"][tier, kind] = int(total)
    by_owner = {each["of"]: each for each in found.values()}
    return Look(by_owner, bonuses.rows, redemptions.rows, lines.rows)


def rows() -> str:
    """A fingerprint of every row that a refusal or a repetition must not touch."""
    found = Query[Any](_ROWS)
    send(found)
    return str(found.only[0])
