"""What a card has counted."""

from django.db import models
from django.db.models import Q

from loyalty.models.card import Card
from loyalty.models.tier import Tier


class Counter(models.Model):
    """Open units and debt: never negative, never both positive.

    One per card, or one per tier in matched programs.
    """

    card = models.ForeignKey(Card, on_delete=models.PROTECT, related_name="counters")
    tier = models.ForeignKey(Tier, null=True, on_delete=models.PROTECT)
    open = models.BigIntegerField()
    debt = models.BigIntegerField(default=0)

    class Meta:
        constraints = [
            models.UniqueConstraint(
                name="counter_of_card_and_tier", fields=["card", "tier"], nulls_distinct=False
            ),
            models.CheckConstraint(
                name="counter_not_negative", condition=Q(open__gte=0, debt__gte=0)
            ),
            models.CheckConstraint(name="counter_open_or_debt", condition=Q(open=0) | Q(debt=0)),
        ]
        indexes = [
            # What is owed: some counters among millions.
            models.Index(name="counter_owing", fields=["card"], condition=Q(debt__gt=0))
        ]
