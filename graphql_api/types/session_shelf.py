"""What sessions that are shown together name, each kind of thing read once when asked for."""

from collections.abc import Sequence
from functools import cached_property

from graphql_api.types.place import Location, location
from graphql_api.types.program import Preset, presets
from graphql_api.types.program_shelf import Programs
from graphql_api.types.tier_shelf import Tiers
from loyalty.programs import catalogue
from loyalty.sessions import LiveSession


class SessionShelf:
    """Their programs, locations and buttons, archived ones too."""

    def __init__(self, lives: Sequence[LiveSession]) -> None:
        self._places = [live.place for live in lives]
        self.programs = Programs({place.program_id for place in self._places})
        self.tiers = Tiers([live.preview() for live in lives])

    @cached_property
    def locations(self) -> dict[int, Location]:
        """The locations by their number."""
        rows = catalogue.locations_by_number({place.location_id for place in self._places})
        return {number: location(row) for number, row in rows.items()}

    @cached_property
    def presets(self) -> dict[int, Preset]:
        """The buttons by their number."""
        numbers = {place.preset_id for place in self._places} - {None}
        rows = catalogue.presets_by_number(n for n in numbers if n is not None)
        return dict(zip(rows, presets(list(rows.values())), strict=True))
