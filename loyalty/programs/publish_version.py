"""An owner changes a running program: a new version, and what becomes of running cards."""

from collections.abc import Collection
from dataclasses import dataclass
from datetime import datetime
from typing import NamedTuple

from django.db import transaction
from django.db.models import Exists, F, OuterRef, Q

from loyalty.base import access
from loyalty.base.access import Permission
from loyalty.base.errors import ConfigurationInvalid, NotFound
from loyalty.base.values import Mechanic, StaffActor, SystemActor
from loyalty.counting.promise import is_better
from loyalty.db.database_errors import retry_once
from loyalty.db.roundtrip import database_now
from loyalty.models import Card, Counter, Program, ProgramVersion, Settings
from loyalty.programs import configuration
from loyalty.programs.freeze_gifts import freeze_gifts
from loyalty.programs.mechanics import stored_mechanic
from loyalty.programs.publish_program import check_mode
from loyalty.programs.write_version import write_version
from loyalty.switches import NONE, Switches, from_stored, is_as_good
from loyalty.switches import check as check_switches


class AffectedCards(NamedTuple):
    """The running cards that take new numbers up at once (`now`), and at completion (`later`).

    Of the first, `full` have all units already: their bonus comes with their next visit.
    """

    now: int
    later: int
    full: int


@dataclass(frozen=True, slots=True)
class PublishedVersion:
    """The version in force, and what becomes of running cards."""

    version: ProgramVersion
    cards: AffectedCards


@retry_once
def publish_version(
    program_id: int,
    mechanic: Mechanic,
    *,
    actor: StaffActor | SystemActor,
    switches: Switches | None = None,
) -> PublishedVersion:
    """Freeze new numbers; without `switches` those in force stay.

    Raises NotFound, ProductUnavailable, ConfigurationInvalid (also when the kind would change), or
    PlanLimit: what the plan has no more runs on as it is.
    """
    access.require(actor, Permission.EDIT_PROGRAMS)
    configuration.check(mechanic)
    check_mode(Settings.objects.get(), mechanic)
    check_switches(switches or NONE)
    with transaction.atomic():
        # The program's row serialises its versions: each gets a number of its own. Its key stays:
        # people who buy meanwhile refer to it, and would wait while we wait for their cards.
        programs = Program.objects.select_for_update(of=("self",), no_key=True)
        program = programs.filter(pk=program_id).first()
        if program is None or program.current is None:
            raise NotFound
        _check_same_kind(mechanic, stored_mechanic(program.current))
        now = database_now()
        kept = from_stored(program.current.switches)
        version = write_version(
            program, mechanic, switches or kept, product=program.current.product, now=now
        )
        worse = _worse(version, mechanic)
        full = _full(program_id, worse, mechanic, now=now)
        taken_up = _take_up(version, worse)
        # Before the commit: who is answered that their time is up has published nothing.
        later = Card.objects.filter(program=program).exclude(promise=version).count()
    return PublishedVersion(version, AffectedCards(taken_up, later, full))


def cards_affected(
    program_id: int,
    mechanic: Mechanic,
    *,
    actor: StaffActor | SystemActor,
    switches: Switches | None = None,
) -> AffectedCards:
    """What would become of running cards, for the owner to see beforehand.

    Raises NotFound, ProductUnavailable or PlanLimit.
    """
    access.require(actor, Permission.EDIT_PROGRAMS)
    check_mode(Settings.objects.get(), mechanic)
    program = Program.objects.select_related("current__product").filter(pk=program_id).first()
    if program is None or program.current is None:
        raise NotFound
    kept = from_stored(program.current.switches)
    # Settled as publishing would: a gift that names no product is the one that it stands for.
    wanted = freeze_gifts(switches or kept, program=program, product=program.current.product)
    now = later = 0
    kinder = list[int]()
    for promise in ProgramVersion.objects.filter(program_id=program_id):
        cards = Card.objects.filter(program_id=program_id, promise=promise).count()
        if _is_better(mechanic, wanted, promise):
            now += cards
            kinder.append(promise.pk)
        else:
            later += cards
    return AffectedCards(now, later, _full(program_id, kinder, mechanic, now=database_now()))


def _check_same_kind(new: Mechanic, old: Mechanic) -> None:
    # What cards have counted so far would mean something else: that is another program.
    kinds = [(each.bonus_model, each.mode, each.stamp_mode) for each in (new, old)]
    if kinds[0] != kinds[1]:
        raise ConfigurationInvalid(details={"field": "configuration", "reason": "kind_is_fixed"})


def _is_better(mechanic: Mechanic, switches: Switches, promise: ProgramVersion) -> bool:
    old = from_stored(promise.switches)
    return is_better(mechanic, stored_mechanic(promise)) and is_as_good(switches, old)


def _full(program_id: int, promises: Collection[int], mechanic: Mechanic, *, now: datetime) -> int:
    enough = Counter.objects.filter(card=OuterRef("pk"), open__gte=mechanic.threshold)
    cards = Card.objects.filter(Exists(enough), program_id=program_id, promise_id__in=promises)
    # What lay too long does not count any more.
    return cards.filter(Q(units_end_at=None) | Q(units_end_at__gt=now)).count()


def _worse(version: ProgramVersion, mechanic: Mechanic) -> list[int]:
    return [
        promise.pk
        for promise in ProgramVersion.objects.filter(program_id=version.program_id)
        if _is_better(mechanic, from_stored(version.switches), promise)
    ]


def _take_up(version: ProgramVersion, worse: Collection[int]) -> int:
    cards = Card.objects.filter(program_id=version.program_id, promise_id__in=worse)
    return cards.exclude(promise=version).update(promise=version, version=F("version") + 1)
