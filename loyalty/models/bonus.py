"""A reward that was earned and waits on one card."""

from django.db import models
from django.db.models import Q

from loyalty.models.card import Card
from loyalty.models.earn_session import EarnSession
from loyalty.models.product import Product
from loyalty.models.program_version import ProgramVersion
from loyalty.models.tier import Tier


class Bonus(models.Model):
    """Waits until it is redeemed, expires or is taken back."""

    id = models.BigIntegerField(primary_key=True)
    card = models.ForeignKey(Card, on_delete=models.PROTECT, related_name="bonuses")
    version = models.ForeignKey(ProgramVersion, on_delete=models.PROTECT)
    session = models.ForeignKey(EarnSession, null=True, on_delete=models.PROTECT)
    source = models.CharField(max_length=10)
    status = models.CharField(max_length=10, default="waiting")
    title = models.CharField(max_length=120)
    product = models.ForeignKey(Product, null=True, on_delete=models.PROTECT)
    # Products of this tier or a lower one may be chosen; without tier and product, any of them.
    tier = models.ForeignKey(Tier, null=True, on_delete=models.PROTECT)
    earned_at = models.DateTimeField()
    expires_at = models.DateTimeField(null=True)

    class Meta:
        indexes = [
            models.Index(
                name="bonus_waiting_on_card", fields=["card"], condition=Q(status="waiting")
            )
        ]
        constraints = [
            models.CheckConstraint(
                name="bonus_source",
                condition=Q(
                    source__in=[
                        "card",
                        "streak",
                        "birthday",
                        "level",
                        "win_back",
                        "welcome",
                        "manual",
                        "partner",
                    ]
                ),
            ),
            models.CheckConstraint(
                name="bonus_status", condition=Q(status__in=["waiting", "used", "expired", "void"])
            ),
        ]
