"""Freezes a program's rules as its newest version."""

from datetime import datetime

from loyalty.base import exempt
from loyalty.base.values import Mechanic
from loyalty.models import Product, Program, ProgramVersion
from loyalty.programs.freeze_gifts import freeze_gifts
from loyalty.switches import Switches, stored


@exempt.asked_already("part of publishing")
def write_version(
    program: Program,
    mechanic: Mechanic,
    switches: Switches,
    *,
    product: Product | None,
    now: datetime,
) -> ProgramVersion:
    """The version now in force; for the caller's transaction, which locks what serialises.

    Raises ProductUnavailable for a gift that the program cannot give.
    """
    latest = program.versions.order_by("-number").first()
    version = ProgramVersion.objects.create(
        program=program,
        number=(latest.number if latest else 0) + 1,
        product=product,
        created_at=now,
        switches=stored(freeze_gifts(switches, program=program, product=product)),
        **mechanic.numbers,
    )
    program.current = version
    program.save(update_fields=["current"])
    return version
