"""What the business says of itself."""

from dataclasses import dataclass

from loyalty.base import exempt
from loyalty.base.states import RunStatus
from loyalty.models import Location, Program, Settings


@dataclass(frozen=True, slots=True)
class BusinessFacts:
    """Its time zones and currencies, each once, and what its plan includes."""

    time_zones: list[str]
    currencies: list[str]
    has_leaderboard: bool
    has_tiered_mode: bool
    max_locations: int | None
    max_running_programs: int | None


@exempt.open_to_all("what the business says of itself")
def business_facts() -> BusinessFacts:
    """The facts of the active business, in three statements."""
    settings = Settings.objects.get()
    places = Location.objects.filter(is_archived=False).order_by("pk")
    programs = Program.objects.filter(current__isnull=False).exclude(status=RunStatus.ARCHIVED)
    return BusinessFacts(
        time_zones=list(dict.fromkeys(places.values_list("time_zone", flat=True))),
        currencies=list(dict.fromkeys(programs.order_by("pk").values_list("currency", flat=True))),
        has_leaderboard=settings.has_leaderboard,
        has_tiered_mode=settings.has_tiered_mode,
        max_locations=settings.max_locations,
        max_running_programs=settings.max_running_programs,
    )
