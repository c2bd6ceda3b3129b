"""What a sale earns by itself."""

from enum import Enum

import strawberry

from graphql_api.context import Info
from graphql_api.described import described
from graphql_api.scalars import UnitCount
from graphql_api.types.product import Tier, tier
from graphql_api.types.tier_shelf import Tiers
from loyalty.base.values import Preview, Units
from loyalty.wording import preview_text


@strawberry.type(description="The units that one tier gets.")
class TierUnits:
    """A tier and its units."""

    tier: Tier = strawberry.field(description="The tier whose counter gets them.")
    units: UnitCount = strawberry.field(description="The number of units.")


@described(
    "Why a sale earns other units than it counts.",
    {
        "SCAN_LIMIT": "It counts more than one scan of the program gives, its `maxUnitsPerScan`.",
        "BELOW_MINIMUM": "The receipt is below the program's `minimum`: it earns nothing.",
    },
)
class EarnPreviewReason(Enum):
    """What trimmed it."""

    SCAN_LIMIT = "SCAN_LIMIT"
    BELOW_MINIMUM = "BELOW_MINIMUM"


@strawberry.type(description="What the sale earns by itself; nobody knows the customer yet.")
class EarnPreview:
    """The dry run's answer."""

    units: UnitCount = strawberry.field(
        description="The units that the scan gives, its ceiling applied; 0 below the minimum."
    )
    by_tier: strawberry.Private[tuple[Units, ...]]
    tiers: strawberry.Private[Tiers]
    units_counted: UnitCount = strawberry.field(
        description="The units that the sale counts, before any ceiling; 0 below the minimum."
    )
    limit: UnitCount | None = strawberry.field(
        description="The most units that one scan gives, where that trimmed the sale; null where "
        "nothing was trimmed."
    )
    reason: EarnPreviewReason | None = strawberry.field(
        description="Why the sale earns other units than it counts, or none; null where it earns "
        "what it counts."
    )
    missing_for_minimum: UnitCount | None = strawberry.field(
        description="Minor units missing before the visit qualifies; null when none are."
    )
    completes_cards: int = strawberry.field(
        description="The number of whole cards that this sale fills by itself."
    )
    text: str | None = strawberry.field(
        description="The reason with its numbers, in a sentence in the caller's language; null "
        "without one."
    )

    @strawberry.field(
        description="The units by tier in programs that count by tier; empty in all others."
    )
    def per_tier(self, info: Info) -> list[TierUnits]:
        """The tiers are read when asked for."""
        counts = {each.tier_id: each.count for each in self.by_tier if each.tier_id is not None}
        if not counts:
            return []
        return info.context.read(
            lambda: [
                TierUnits(tier=tier(row), units=UnitCount(counts[row.pk]))
                for row in self.tiers.among(counts)
            ]
        )


def preview(found: Preview, tiers: Tiers | None = None) -> EarnPreview:
    """The preview of a sale; `tiers` are those of all that is shown."""
    reason = EarnPreviewReason.BELOW_MINIMUM if found.missing else None
    if found.limit is not None:
        reason = EarnPreviewReason.SCAN_LIMIT
    return EarnPreview(
        units=UnitCount(sum(each.count for each in found.units)),
        by_tier=found.units,
        tiers=tiers or Tiers([found]),
        units_counted=UnitCount(found.counted),
        limit=None if found.limit is None else UnitCount(found.limit),
        reason=reason,
        text=preview_text(found),
        missing_for_minimum=UnitCount(found.missing) if found.missing else None,
        completes_cards=found.completes_cards,
    )
