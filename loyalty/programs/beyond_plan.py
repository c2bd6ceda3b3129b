"""Running programs that the plan would not let begin today: what a step down has left."""

from dataclasses import dataclass
from enum import StrEnum

from loyalty.base import exempt
from loyalty.base.states import RunStatus
from loyalty.base.values import Mode
from loyalty.models import Program, Settings


class PlanExcess(StrEnum):
    """What became of the program."""

    # More run than the plan lets run: no code is made for it, until an older one ends.
    RESTS = "rests"
    # It has a menu, which the plan has not: it runs on as it is.
    FIXED = "fixed"


@dataclass(frozen=True, slots=True)
class ProgramBeyondPlan:
    """A program beyond the plan, and how."""

    name: str
    how: PlanExcess


@exempt.open_to_all("that a program rests is seen by everybody who is shown it")
def beyond_plan() -> list[ProgramBeyondPlan]:
    """The active business's programs beyond its plan, the oldest first."""
    limits = Settings.objects.get()
    running = Program.objects.filter(status=RunStatus.RUNNING, current__isnull=False).order_by("pk")
    most, found = limits.max_running_programs, list[ProgramBeyondPlan]()
    for number, (name, mode) in enumerate(running.values_list("name", "current__mode")):
        if most is not None and number >= most:
            found.append(ProgramBeyondPlan(name, PlanExcess.RESTS))
        elif mode == Mode.TIERED and not limits.has_tiered_mode:
            found.append(ProgramBeyondPlan(name, PlanExcess.FIXED))
    return found
