"""Which plan would allow what a business's own does not."""

from django.db.models import Q

from tenants import context
from tenants.models import Plan

# What `has_api` opens besides keys, which are not built yet.
EXPLORING = "GraphiQL and introspection"


def lifting_plan(what: str, *, limit: int = 0) -> str | None:
    """The name of the lowest plan with more than `limit` of `what`, None when there is none.

    `what` is `running programs` or `tiered mode`, as refusals say it, or EXPLORING.
    """
    lifts = {
        "running programs": Q(max_running_programs=None) | Q(max_running_programs__gt=limit),
        "tiered mode": Q(has_tiered_mode=True),
        EXPLORING: Q(has_api=True),
    }
    if what not in lifts:
        return None
    with context.public():
        found = Plan.objects.filter(lifts[what]).order_by("rank")
        return found.values_list("name", flat=True).first()
