"""What a step down of the plan means for the programs that run, in sentences."""

from django.utils.translation import gettext, gettext_noop

from loyalty.programs import PlanExcess, beyond_plan

_SENTENCES = {
    PlanExcess.RESTS: gettext_noop(
        "“%(name)s” rests: your plan lets fewer programs run, and the oldest go on. Its cards"
        " stay and bonuses can be used; no new code is made until an older program ends."
    ),
    PlanExcess.FIXED: gettext_noop(
        "“%(name)s” lets customers choose, which your plan does not include. It runs on and keeps"
        " what it promised; its rules cannot be changed, nor another like it be started."
    ),
}


def sentences() -> list[str]:
    """One for each program of the active business that is beyond its plan."""
    return [gettext(_SENTENCES[each.how]) % {"name": each.name} for each in beyond_plan()]
