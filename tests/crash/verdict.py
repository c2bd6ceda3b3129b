"""What clients were told against what the database holds: nothing lost, nothing done twice."""

from collections import Counter, defaultdict
from collections.abc import Iterator
from dataclasses import dataclass
from typing import Any

from graphql_api import ids
from tests.crash.conftest import Mortal
from tests.crash.crew import Crew
from tests.crash.notes import Notes

_SESSIONS = """
SELECT s.id, s.status, s.customer_id, s.units,
       (SELECT count(*) FROM loyalty_event e WHERE e.session_id = s.id AND e.kind = 'collected'),
       (SELECT count(*) FROM loyalty_event e WHERE e.session_id = s.id AND e.kind = 'voided'),
       (SELECT coalesce(sum(l.units), 0)::bigint FROM loyalty_ledgerentry l
         WHERE l.session_id = s.id AND l.kind = 'earn')
  FROM loyalty_earnsession s WHERE s.staff_id = ANY(%s)
"""
_REDEMPTIONS = """
SELECT r.id, r.status, r.bonus_id,
       count(*) FILTER (WHERE e.kind = 'confirmed'), count(*) FILTER (WHERE e.kind = 'cancelled'),
       count(*) FILTER (WHERE e.kind = 'refunded'), count(*) FILTER (WHERE e.kind = 'requested')
  FROM loyalty_redemption r JOIN loyalty_card c ON c.id = r.card_id
  LEFT JOIN loyalty_event e ON e.card_id = r.card_id AND (e.details->>'redemption')::bigint = r.id
 WHERE c.customer_id = ANY(%s) GROUP BY r.id
"""
LOST, DOUBLED, UNASKED = "lost", "done twice", "done though nobody was told"


@dataclass(frozen=True)
class Problem:
    """One thing that clients and database disagree about."""

    kind: str
    what: str


class Verdict:
    """Compares one run's notes with the database, when all is quiet."""

    def __init__(self, mortal: Mortal, crew: Crew, notes: Notes) -> None:
        self.notes = notes
        self._sessions = mortal.look(_SESSIONS, [each.id for each in crew.staff])
        self._redemptions = mortal.look(_REDEMPTIONS, [each.id for each in crew.customers])

    def problems(self) -> list[Problem]:
        """Empty when every acknowledged deed is there once, and nothing else is."""
        return [*self._made(), *self._sold(), *self._redeemed()]

    def _made(self) -> Iterator[Problem]:
        minted = {answer["id"] for answer in self.notes.all_told("mint").values()}
        asked = set(self.notes.all_told("request"))
        pairs = [
            ("mint", minted, {_id("EarnSession", row) for row in self._sessions}),
            ("request", asked, {_id("Redemption", row) for row in self._redemptions}),
        ]
        for what, told, there in pairs:
            yield from (Problem(LOST, f"{what} {which}") for which in told - there)
            given_up = sum(n for (deed, _), n in self.notes.unknown.items() if deed == what)
            if len(there - told) > given_up:
                yield Problem(UNASKED, f"{what}: {len(there - told)}, {given_up} were given up")

    def _sold(self) -> Iterator[Problem]:
        told: defaultdict[str, dict[int, int]] = defaultdict(dict)
        for which, answer in self.notes.all_told("collect").items():
            session, who = which.split()
            told[session][int(who)] = int(answer["unitsAdded"])
        for row in self._sessions:
            session = _id("EarnSession", row)
            yield from self._sold_once(session, row, told[session])
            yield from self._counted("void", session, row[5], row[1] == "voided")

    def _sold_once(
        self, session: str, row: tuple[Any, ...], told: dict[int, int]
    ) -> Iterator[Problem]:
        _, status, customer, _, events, _, earned = row
        if len(told) > 1 or events > 1:
            yield Problem(DOUBLED, f"collect {session}: {told}, {events} events")
        elif told and ({customer: earned} != told or events != 1 or status == "open"):
            yield Problem(LOST, f"collect {session}: {told}, but {row}")
        elif not told and (events or earned) and not self._gave_up(session, customer):
            yield Problem(UNASKED, f"collect {session}: {row}")

    def _gave_up(self, session: str, customer: int) -> bool:
        return self.notes.unknown["collect", f"{session} {customer}"] > 0

    def _redeemed(self) -> Iterator[Problem]:
        uses: Counter[int] = Counter()
        for row in self._redemptions:
            number, status, bonus, confirmed, cancelled, refunded, _ = row
            which = ids.global_id("Redemption", number)
            uses[bonus] += status == "confirmed"
            was_given = status in {"confirmed", "refunded"}
            yield from self._counted("confirm", which, confirmed, was_given)
            yield from self._counted("cancel", which, cancelled, status == "cancelled")
            yield from self._counted("refund", which, refunded, status == "refunded")
            if row[6] != 1:
                yield Problem(DOUBLED, f"request {which}: {row}")
        yield from (Problem(DOUBLED, f"bonus {which}") for which, n in uses.items() if n > 1)

    def _counted(self, what: str, which: str, events: int, holds: bool) -> Iterator[Problem]:  # noqa: FBT001  what the row says
        was_told = (what, which) in self.notes.told
        if events > 1:
            yield Problem(DOUBLED, f"{what} {which}: {events} events")
        elif was_told and not (events and holds):
            yield Problem(LOST, f"{what} {which}: {events} events, in force: {holds}")
        elif (events or holds) and not was_told and not self.notes.unknown[what, which]:
            yield Problem(UNASKED, f"{what} {which}")


def _id(kind: str, row: tuple[Any, ...]) -> str:
    return ids.global_id(kind, row[0])
