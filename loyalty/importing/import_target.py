"""The program and the place that a history is imported into."""

from collections.abc import Sequence
from dataclasses import dataclass
from typing import LiteralString

from loyalty.base.errors import InvalidInput, NotAtThisLocation, NotFound, ProgramNotRunning
from loyalty.base.states import RunStatus
from loyalty.cards.facts import CardRules, rules_columns
from loyalty.db.roundtrip import Query, send
from loyalty.models import Location, Program

_OPEN = {RunStatus.RUNNING, RunStatus.PAUSED}
_MOST_NAMED = 20
_COLUMNS = rules_columns(maker_email="NULL::text")
_RULES: LiteralString = (
    f"SELECT {_COLUMNS.sql}"  # noqa: S608  our own columns
    """
  FROM loyalty_programversion v
  JOIN loyalty_program p ON p.id = v.program_id
  JOIN loyalty_location l ON l.id = %s
  LEFT JOIN loyalty_product t ON t.id = v.product_id
 WHERE v.program_id = %s
"""
)


@dataclass(frozen=True, slots=True)
class ImportTarget:
    """Where the visits go, and the rules in force there."""

    program_id: int
    currency: str
    version_number: int
    location_id: int
    location_name: str
    rules: CardRules


def import_target(program: str, *, location: str | None) -> ImportTarget:
    """The program with this id or exact name, at its only location when none is named, likewise.

    Raises NotFound, NotAtThisLocation, ProgramNotRunning for a draft or an archived one, or
    InvalidInput with the reason: a name that two programs have, several locations to choose from,
    or tiers with counters of their own, for which a line would have to name its product.
    """
    found = _program(program)
    if found.status not in _OPEN or found.current is None:
        raise ProgramNotRunning
    place = _location(found, location)
    rules = rules_of(found.pk, location_id=place.pk)[found.current.pk]
    if rules.mechanic.is_matched:
        raise _wrong("program", "matched")
    return ImportTarget(found.pk, found.currency, found.current.number, place.pk, place.name, rules)


def rules_of(program_id: int, *, location_id: int) -> dict[int, CardRules]:
    """The rules of all versions of a program at a location, by the version's id."""
    asked = Query(_RULES, [location_id, program_id], row=_COLUMNS.row)
    send(asked)
    return {each.promise_id: each for each in asked.rows}


def _program(wanted: str) -> Program:
    programs = Program.objects.select_related("current")
    by_id = programs.filter(pk=_number(wanted)).first()
    if by_id:
        return by_id
    named = list(programs.filter(name=wanted).exclude(status=RunStatus.ARCHIVED)[:2])
    if not named:
        raise NotFound(details={"field": "program"})
    if len(named) > 1:
        raise _wrong("program", "ambiguous")
    return named[0]


def _number(wanted: str) -> int:
    # Zero is nobody's id.
    is_one = wanted.isascii() and wanted.isdigit() and len(wanted) < len(str(2**63))
    return int(wanted) if is_one else 0


def _location(program: Program, wanted: str | None) -> Location:
    places = Location.objects.filter(is_archived=False).order_by("pk")
    only = list(program.locations.values_list("pk", flat=True))
    here = list(places.filter(pk__in=only) if only else places)
    if wanted is not None:
        here = _called(here, wanted)
        if not here:
            exists = _called(list(Location.objects.all()), wanted)
            raise NotAtThisLocation if exists else NotFound(details={"field": "location"})
    if len(here) != 1:
        names = ", ".join(f"{each.name} ({each.pk})" for each in here[:_MOST_NAMED])
        raise _wrong("location", "several" if here else "none", what=names)
    return here[0]


def _called(places: Sequence[Location], wanted: str) -> list[Location]:
    by_id = [place for place in places if place.pk == _number(wanted)]
    return by_id or [place for place in places if place.name == wanted]


def _wrong(field: str, reason: str, *, what: str = "") -> InvalidInput:
    more = {"what": what} if what else {}
    return InvalidInput(details={"field": field, "reason": reason, **more})
