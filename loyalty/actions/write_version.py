"""Freezes a program's rules as its newest version."""

from dataclasses import asdict
from datetime import datetime

from loyalty.models import Product, Program, ProgramVersion
from loyalty.values import Mechanic


def write_version(
    program: Program, mechanic: Mechanic, *, product: Product | None, now: datetime
) -> ProgramVersion:
    """The version now in force; for the caller's transaction, which locks what serialises."""
    latest = program.versions.order_by("-number").first()
    version = ProgramVersion.objects.create(
        program=program,
        number=(latest.number if latest else 0) + 1,
        product=product,
        created_at=now,
        **asdict(mechanic),
    )
    program.current = version
    program.save(update_fields=["current"])
    return version
