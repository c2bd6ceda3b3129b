"""Where a product stands in a tiered program."""

from django.db import models

from loyalty.models.program import Program


class Tier(models.Model):
    """S, M, L by default; a higher rank is worth more."""

    program = models.ForeignKey(Program, on_delete=models.PROTECT, related_name="tiers")
    name = models.CharField(max_length=60)
    rank = models.PositiveSmallIntegerField()

    class Meta:
        constraints = [models.UniqueConstraint(name="tier_rank", fields=["program", "rank"])]
