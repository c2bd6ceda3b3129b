"""Runs a piece of work for every business, one after the other."""

import logging
from collections.abc import Callable, Iterable
from dataclasses import dataclass, field

from tenants import context
from tenants.models import Business

log = logging.getLogger(__name__)


@dataclass(slots=True)
class Sweep:
    """The schemas that were done, and those that failed with what they raised."""

    done: list[str] = field(default_factory=list)
    failed: dict[str, Exception] = field(default_factory=dict)


def schemas() -> list[str]:
    """The schemas of all businesses, oldest first."""
    with context.public():
        return list(Business.objects.order_by("id").values_list("schema_name", flat=True))


def each_business(work: Callable[[str], object], *, among: Iterable[str] | None = None) -> Sweep:
    """Call `work(schema)` inside each business; one that fails never keeps others from theirs."""
    sweep = Sweep()
    for schema in schemas() if among is None else among:
        try:
            with context.business(schema):
                work(schema)
        except Exception as error:  # noqa: BLE001  whatever it was belongs to that business alone
            log.error("A sweep failed for %s: %s", schema, type(error).__name__)  # noqa: TRY400  the caller decides about the traceback
            sweep.failed[schema] = error
        else:
            sweep.done.append(schema)
    return sweep
