"""A business's plan and its limits, always written together.

The plan is a row of `public`; its numbers lie in the business's one row of settings too, where what
they limit is counted behind a lock. Nothing else writes either of the two.
"""

import logging
from collections.abc import Mapping

from django.db import transaction

from loyalty.models import Settings
from tenants import context, hosts
from tenants.each_business import Sweep, each_business
from tenants.models import Business, Plan

log = logging.getLogger(__name__)
Limits = dict[str, int | bool | None]
NUMBERS = ("max_locations", "max_running_programs", "has_tiered_mode")


def limits_of(plan: Plan) -> Limits:
    """What the plan allows, as a business's settings say it."""
    return {name: getattr(plan, name) for name in NUMBERS}


def change_plan(business: Business, plan: Plan) -> None:
    """Put the business on the plan, with its limits; nothing that runs is ended or deleted.

    Suspended ones too. What is over a lower limit rests: the oldest programs go on
    (docs/rules.md#plans).
    """
    with context.business(business.schema_name), transaction.atomic():
        with context.public():
            Business.objects.filter(pk=business.pk).update(plan=plan)
        _lock()
        _write(_of_plan(business.schema_name))
    hosts.forget()


def follow_plans() -> Sweep:
    """Give every business the limits of its plan; those that had others are named in the log."""
    sweep = each_business(_follow)
    hosts.forget()
    return sweep


def differences() -> dict[str, Limits]:
    """The businesses whose limits are not those of their plan, and what they should be.

    A business that cannot be read is among them.
    """
    found: dict[str, Limits] = {}

    def compare(schema: str) -> None:
        wanted = _of_plan(schema)
        if _written() != wanted:
            found[schema] = wanted

    sweep = each_business(compare)
    return {**found, **{schema: {} for schema in sweep.failed}}


def _follow(schema: str) -> None:
    with transaction.atomic():
        _lock()
        wanted = _of_plan(schema)
        if _written() != wanted:
            log.warning("The limits of %s were not those of its plan; they are now.", schema)
            _write(wanted)


def _lock() -> None:
    # What creates programs and locations locks the same row, and counts behind it. Plans are read
    # behind it too: who edits one looks at every business afterwards, and waits here for anybody
    # who read it before.
    Settings.objects.select_for_update().get()


def _of_plan(schema: str) -> Limits:
    with context.public():
        return limits_of(Plan.objects.get(business__schema_name=schema))


def _written() -> Limits:
    return dict(Settings.objects.values(*NUMBERS).get())


def _write(limits: Mapping[str, int | bool | None]) -> None:
    Settings.objects.update(**limits)
