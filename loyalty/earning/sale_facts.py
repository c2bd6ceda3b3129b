"""What minting needs to know of program, location and preset, in one statement."""

from dataclasses import dataclass
from datetime import datetime
from typing import LiteralString

from loyalty.base.values import Mechanic, MenuItem
from loyalty.db.columns import columns
from loyalty.db.roundtrip import Query
from loyalty.programs.budget import Budget
from loyalty.programs.mechanics import mechanic_columns, switches_columns
from loyalty.switches import Switches

# The program that is named, or the preset's.
_PROGRAM_ID: LiteralString = (
    "coalesce(%s::bigint, (SELECT x.program_id FROM loyalty_preset x WHERE x.id = %s))"
)
_ITEM = columns(MenuItem, "p", product_id="p.id", rank="coalesce(t.rank, 0)")
_MENU: LiteralString = (
    f"SELECT {_ITEM.sql}"  # noqa: S608  our own columns
    """
  FROM loyalty_product p LEFT JOIN loyalty_tier t ON t.id = p.tier_id
 WHERE NOT p.is_archived AND p.program_id = """ + _PROGRAM_ID + " ORDER BY p.id LIMIT 1000"
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


_FACTS = columns(
    SaleFacts,
    "p",
    mechanic=mechanic_columns("v"),
    zone="l.time_zone",
    program_id="p.id",
    version_id="v.id",
    version_number="v.number",
    runs_here="""NOT l.is_archived AND (
         NOT EXISTS (SELECT 1 FROM loyalty_program_locations x WHERE x.program_id = p.id)
         OR EXISTS (SELECT 1 FROM loyalty_program_locations x
                     WHERE x.program_id = p.id AND x.location_id = l.id))""",
    most_programs="s.max_running_programs",
    older_programs="""(SELECT count(*) FROM loyalty_program o
                        WHERE o.status = 'running' AND o.id < p.id)""",
    session_seconds="s.session_seconds",
    site_url="s.site_url",
    staff_cap="s.staff_cap",
    staff_cap_minutes="s.staff_cap_minutes",
    budget=columns(Budget, "g").or_none(),
    switches=switches_columns("v"),
    preset_id="r.id",
    preset_program_id="r.program_id",
    preset_location_id="r.location_id",
    preset_quantity="r.quantity",
    preset_amount="r.amount",
    preset_product_id="r.product_id",
    cooldown_minutes="r.cooldown_minutes",
    preset_points="coalesce(r.points, 0)",
)
_SQL: LiteralString = (
    f"SELECT {_FACTS.sql}"  # noqa: S608  our own columns
    """
  FROM loyalty_program p
  JOIN loyalty_programversion v ON v.id = p.current_id
  JOIN loyalty_location l ON l.id = %s
  JOIN loyalty_settings s ON s.id = 1
  LEFT JOIN loyalty_programbudget g ON g.program_id = p.id
  LEFT JOIN loyalty_preset r ON r.id = %s AND NOT r.is_archived
 WHERE p.id = """ + _PROGRAM_ID
)


def sale_facts(
    *, program_id: int | None, location_id: int, preset_id: int | None
) -> Query[SaleFacts]:
    """Asks for the facts; no row when program or location is not of this business.

    Without a program it is the preset's.
    """
    return Query(_SQL, [location_id, preset_id, program_id, preset_id], row=_FACTS.row)


def nth_newest_of(staff_id: int) -> Query[datetime]:
    """Asks when the staff member made the session that is the cap's number back from now."""
    return Query(_NTH, [staff_id], row=lambda found: found[0])


def menu_of(program_id: int | None, *, preset_id: int | None) -> Query[MenuItem]:
    """Asks for the products of the program, or of the preset's, with their tiers, at most 1,000."""
    return Query(_MENU, [program_id, preset_id], row=_ITEM.row)
