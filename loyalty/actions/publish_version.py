"""An owner changes a running program: a new version, and what becomes of running cards."""

from dataclasses import dataclass

from django.db import transaction
from django.db.models import F

from loyalty.actions.freeze_gifts import freeze_gifts
from loyalty.actions.write_version import write_version
from loyalty.errors import ConfigurationInvalid, NotFound
from loyalty.models import Card, Program, ProgramVersion
from loyalty.queries.mechanics import stored_mechanic
from loyalty.rules import configuration, switch_limits
from loyalty.rules.promise import is_as_good, is_better
from loyalty.switches import NONE, Switches, from_stored
from loyalty.trip import clock, trip
from loyalty.values import Mechanic


@dataclass(frozen=True, slots=True)
class Published:
    """The version in force, and the running cards that take it up at once or at completion."""

    version: ProgramVersion
    cards_now: int
    cards_later: int


def publish_version(
    program_id: int, mechanic: Mechanic, *, switches: Switches | None = None
) -> Published:
    """Freeze new numbers; without `switches` those in force stay.

    Raises NotFound, ProductUnavailable, or ConfigurationInvalid (also when the kind would change).
    """
    configuration.check(mechanic)
    switch_limits.check(switches or NONE)
    with transaction.atomic():
        # The program's row serialises its versions: each gets a number of its own.
        program = Program.objects.select_for_update(of=("self",)).filter(pk=program_id).first()
        if program is None or program.current is None:
            raise NotFound
        _same_kind(mechanic, stored_mechanic(program.current))
        now = clock()
        trip(now)
        kept = from_stored(program.current.switches)
        version = write_version(
            program, mechanic, switches or kept, product=program.current.product, now=now.only
        )
        taken_up = _take_up(version, mechanic)
    later = Card.objects.filter(program=program).exclude(promise=version).count()
    return Published(version, taken_up, later)


def cards_affected(
    program_id: int, mechanic: Mechanic, *, switches: Switches | None = None
) -> tuple[int, int]:
    """The running cards that would take the new numbers up at once, and at their completion.

    Raises NotFound or ProductUnavailable.
    """
    program = Program.objects.select_related("current__product").filter(pk=program_id).first()
    if program is None or program.current is None:
        raise NotFound
    kept = from_stored(program.current.switches)
    # Settled as publishing would: a gift that names no product is the one that it stands for.
    wanted = freeze_gifts(switches or kept, program=program, product=program.current.product)
    now = later = 0
    for promise in ProgramVersion.objects.filter(program_id=program_id):
        cards = Card.objects.filter(program_id=program_id, promise=promise).count()
        if _is_better(mechanic, wanted, promise):
            now += cards
        else:
            later += cards
    return now, later


def _same_kind(new: Mechanic, old: Mechanic) -> None:
    # What cards have counted so far would mean something else: that is another program.
    kinds = [(each.bonus_model, each.mode, each.stamp_mode) for each in (new, old)]
    if kinds[0] != kinds[1]:
        raise ConfigurationInvalid(details={"field": "configuration", "reason": "kind_is_fixed"})


def _is_better(mechanic: Mechanic, switches: Switches, promise: ProgramVersion) -> bool:
    old = from_stored(promise.switches)
    return is_better(mechanic, stored_mechanic(promise)) and is_as_good(switches, old)


def _take_up(version: ProgramVersion, mechanic: Mechanic) -> int:
    worse = [
        promise.pk
        for promise in ProgramVersion.objects.filter(program_id=version.program_id)
        if _is_better(mechanic, from_stored(version.switches), promise)
    ]
    cards = Card.objects.filter(program_id=version.program_id, promise_id__in=worse)
    return cards.exclude(promise=version).update(promise=version, version=F("version") + 1)
