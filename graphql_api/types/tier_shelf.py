"""Tiers of sales that are shown together."""

from collections.abc import Collection, Sequence
from functools import cached_property

from loyalty.base.values import Preview
from loyalty.models import Tier
from loyalty.programs import catalogue


class Tiers:
    """The tiers that these sales count by, read at once when one is asked for."""

    def __init__(self, previews: Sequence[Preview]) -> None:
        counted = [units for found in previews for units in found.units]
        self._numbers = {units.tier_id for units in counted if units.tier_id is not None}

    def among(self, numbers: Collection[int]) -> list[Tier]:
        """Those with these numbers, the lowest first."""
        return [row for row in self._found if row.pk in numbers]

    @cached_property
    def _found(self) -> list[Tier]:
        return list(catalogue.tiers(list(self._numbers)))
