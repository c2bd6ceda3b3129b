"""What a step down of the plan means for the programs that run, in sentences."""

from django.utils.translation import gettext, gettext_noop

from loyalty.programs import PlanExcess, ProgramBeyondPlan

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


def beyond_plan_text(program: ProgramBeyondPlan) -> str:
    """What becomes of a program that is beyond its business's plan."""
    return gettext(_SENTENCES[program.how]) % {"name": program.name}
