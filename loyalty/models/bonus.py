"""A reward that was earned and waits on one card."""

from django.db import models
from django.db.models import Q

from loyalty.base.states import BonusSource, BonusStatus
from loyalty.models.card import Card
from loyalty.models.earn_session import EarnSession
from loyalty.models.level import Level
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
    status = models.CharField(max_length=10, default=BonusStatus.WAITING.value)
    title = models.CharField(max_length=120)
    product = models.ForeignKey(Product, null=True, on_delete=models.PROTECT)
    # Products of this tier or a lower one may be chosen; without tier and product, any of them.
    tier = models.ForeignKey(Tier, null=True, on_delete=models.PROTECT)
    earned_at = models.DateTimeField()
    expires_at = models.DateTimeField(null=True)
    warned_at = models.DateTimeField(null=True)
    # A voucher is worth one of these, and no product.
    is_voucher = models.BooleanField(db_default=False)
    percent = models.PositiveSmallIntegerField(null=True)
    amount = models.BigIntegerField(null=True)
    text = models.CharField(max_length=200, db_default="")
    # Minor units that it takes from the program's budget.
    worth = models.BigIntegerField(db_default=0)
    # Whether it was counted there: only then is it given back. None: given by an earlier release.
    counted_in_budget = models.BooleanField(null=True)
    level = models.ForeignKey(Level, null=True, on_delete=models.PROTECT)
    # What it was given for, where a person gets it once: "welcome", "birthday:<program>:<year>".
    person = models.BigIntegerField(null=True)
    occasion = models.CharField(max_length=60, db_default="")

    class Meta:
        indexes = [
            models.Index(
                name="bonus_waiting_on_card",
                fields=["card"],
                condition=Q(status=BonusStatus.WAITING.value),
            ),
            models.Index(
                name="bonus_by_end",
                fields=["expires_at"],
                condition=Q(status=BonusStatus.WAITING.value, expires_at__isnull=False),
            ),
        ]
        constraints = [
            models.UniqueConstraint(
                name="bonus_once_an_occasion",
                fields=["person", "occasion"],
                condition=~Q(occasion="") & ~Q(status=BonusStatus.VOID.value),
            ),
            models.CheckConstraint(
                name="bonus_voucher_or_product",
                condition=Q(is_voucher=False, percent=None, amount=None, text="")
                | Q(is_voucher=True, product=None),
            ),
            models.CheckConstraint(
                name="bonus_source",
                condition=Q(source__in=[each.value for each in BonusSource]),
            ),
            models.CheckConstraint(
                name="bonus_status", condition=Q(status__in=[each.value for each in BonusStatus])
            ),
        ]
