"""What minting needs to know of program, location and preset, in one statement."""

from dataclasses import dataclass
from datetime import datetime
from typing import Any, LiteralString

from loyalty.base.values import Mechanic, MenuItem
from loyalty.db.roundtrip import Query
from loyalty.programs.budget import Budget
from loyalty.programs.mechanics import COLUMNS, WIDTH, mechanic
from loyalty.switches import Switches, from_text

# The program that is named, or the preset's.
_PROGRAM_ID: LiteralString = (
    "coalesce(%s::bigint, (SELECT x.program_id FROM loyalty_preset x WHERE x.id = %s))"
)
_SQL: LiteralString = (
    "SELECT "  # noqa: S608  our own columns
    + COLUMNS
    + """, l.time_zone, p.id, v.id, v.number, p.status, p.currency, p.starts_at, p.ends_at,
       NOT l.is_archived AND (
         NOT EXISTS (SELECT 1 FROM loyalty_program_locations x WHERE x.program_id = p.id)
         OR EXISTS (SELECT 1 FROM loyalty_program_locations x
                     WHERE x.program_id = p.id AND x.location_id = l.id)),
       s.max_running_programs, (SELECT count(*) FROM loyalty_program o
                                 WHERE o.status = 'running' AND o.id < p.id),
       s.session_seconds, s.site_url, s.staff_cap, s.staff_cap_minutes, g.bonuses, g.worth,
       g.most_bonuses, g.most_worth, v.switches::text, r.id, r.program_id, r.location_id,
       r.quantity, r.amount, r.product_id, r.cooldown_minutes, coalesce(r.points, 0)
  FROM loyalty_program p
  JOIN loyalty_programversion v ON v.id = p.current_id
  JOIN loyalty_location l ON l.id = %s
  JOIN loyalty_settings s ON s.id = 1
  LEFT JOIN loyalty_programbudget g ON g.program_id = p.id
  LEFT JOIN loyalty_preset r ON r.id = %s AND NOT r.is_archived
 WHERE p.id = """
    + _PROGRAM_ID
)

# Where the columns of program, location and settings end, and those of the budget.
_PROGRAM, _BUDGET = 15, 19
_MENU: LiteralString = (
    """
SELECT p.id, p.tier_id, coalesce(t.rank, 0)
  FROM loyalty_product p LEFT JOIN loyalty_tier t ON t.id = p.tier_id
 WHERE NOT p.is_archived AND p.program_id = """
    + _PROGRAM_ID
    + " ORDER BY p.id LIMIT 1000"
)

# The session that is the cap's number back from the newest: only as many are looked at as it
# allows. Whether it lies in the cap's window is judged by the clock of the coordinator.
_NTH: LiteralString = """
SELECT x.created_at FROM loyalty_settings s CROSS JOIN LATERAL (
         SELECT created_at FROM loyalty_earnsession WHERE staff_id = %s
          ORDER BY created_at DESC OFFSET s.staff_cap - 1 LIMIT 1) x
 WHERE s.staff_cap IS NOT NULL
"""


@dataclass(frozen=True, slots=True)
class SaleFacts:
    """The program's rules in force, and what the preset fixes."""

    mechanic: Mechanic
    zone: str
    program_id: int
    version_id: int
    version_number: int
    status: str
    currency: str
    starts_at: datetime | None
    ends_at: datetime | None
    runs_here: bool
    # What the plan allows, and how many older ones run.
    most_programs: int | None
    older_programs: int
    session_seconds: int
    site_url: str
    staff_cap: int | None
    staff_cap_minutes: int
    budget: Budget | None
    switches: Switches
    preset_id: int | None
    preset_program_id: int | None
    preset_location_id: int | None
    preset_quantity: int | None
    preset_amount: int | None
    preset_product_id: int | None
    cooldown_minutes: int | None
    preset_points: int

    @property
    def points(self) -> int:
        """The points of the sale before any level counts."""
        return self.preset_points + self.switches.points


def sale_facts(
    *, program_id: int | None, location_id: int, preset_id: int | None
) -> Query[SaleFacts]:
    """Asks for the facts; no row when program or location is not of this business.

    Without a program it is the preset's.
    """
    return Query(_SQL, [location_id, preset_id, program_id, preset_id], row=_facts)


def nth_newest_of(staff_id: int) -> Query[datetime]:
    """Asks when the staff member made the session that is the cap's number back from now."""
    return Query(_NTH, [staff_id], row=lambda found: found[0])


def menu_of(program_id: int | None, *, preset_id: int | None) -> Query[MenuItem]:
    """Asks for the products of the program, or of the preset's, with their tiers, at most 1,000."""
    return Query(_MENU, [program_id, preset_id], row=lambda found: MenuItem(*found))


def _facts(found: tuple[Any, ...]) -> SaleFacts:
    program, budget = found[WIDTH : WIDTH + _PROGRAM], found[WIDTH + _PROGRAM : WIDTH + _BUDGET]
    switches, *preset = found[WIDTH + _BUDGET :]
    left = None if budget[0] is None else Budget(*budget)
    values: tuple[Any, ...] = (mechanic(found), *program, left, from_text(switches), *preset)
    return SaleFacts(*values)
