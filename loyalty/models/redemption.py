"""One attempt to use one bonus."""

from django.db import models
from django.db.models import Q

from loyalty.base.states import RedemptionStatus
from loyalty.models.bonus import Bonus
from loyalty.models.card import Card
from loyalty.models.device import Device
from loyalty.models.location import Location
from loyalty.models.product import Product
from loyalty.models.program import Program
from loyalty.models.staff_member import StaffMember


class Redemption(models.Model):
    """Token and PIN for a held bonus; both derived from `token_salt`, never stored (tokens.py).

    `pin_turn` says which of the salt's PINs it is; None where too many were alive for one.

    Expiry is judged, not stored, until the window closes in which the customer may show it again;
    `closed` is what overdue and replaced rows become, before a new PIN is drawn.
    """

    id = models.BigIntegerField(primary_key=True)
    bonus = models.ForeignKey(Bonus, on_delete=models.PROTECT)
    card = models.ForeignKey(Card, on_delete=models.PROTECT)
    program = models.ForeignKey(Program, on_delete=models.PROTECT)
    product = models.ForeignKey(Product, null=True, on_delete=models.PROTECT)
    token_salt = models.BinaryField(max_length=16)
    token_digest = models.BinaryField(max_length=32, unique=True)
    # Was the PIN in clear: nothing reads or fills it any more, a later migration drops it.
    pin = models.CharField(max_length=4, null=True)
    pin_turn = models.SmallIntegerField(null=True)
    pin_digest = models.BinaryField(max_length=32, null=True)
    status = models.CharField(max_length=10, default=RedemptionStatus.OPEN.value)
    created_at = models.DateTimeField()
    expires_at = models.DateTimeField()
    resume_until = models.DateTimeField()
    previewed_at = models.DateTimeField(null=True)
    decided_at = models.DateTimeField(null=True)
    location = models.ForeignKey(Location, null=True, on_delete=models.PROTECT)
    staff = models.ForeignKey(StaffMember, null=True, on_delete=models.PROTECT)
    # Where it was decided; nobody looks redemptions up by it.
    device = models.ForeignKey(Device, null=True, on_delete=models.PROTECT, db_index=False)

    class Meta:
        constraints = [
            models.CheckConstraint(
                name="redemption_status",
                condition=Q(status__in=[each.value for each in RedemptionStatus]),
            ),
            models.UniqueConstraint(
                name="redemption_pin_is_one_in_program",
                fields=["program", "pin"],
                condition=Q(status=RedemptionStatus.OPEN.value),
            ),
            models.UniqueConstraint(
                name="redemption_pin_digest_is_one_in_program",
                fields=["program", "pin_digest"],
                condition=Q(status=RedemptionStatus.OPEN.value),
            ),
            models.UniqueConstraint(
                name="redemption_one_live_on_card",
                fields=["card"],
                condition=Q(status=RedemptionStatus.OPEN.value),
            ),
            models.UniqueConstraint(
                name="redemption_uses_a_bonus_once",
                fields=["bonus"],
                condition=Q(status=RedemptionStatus.CONFIRMED.value),
            ),
        ]
        indexes = [
            models.Index(name="redemption_by_pin", fields=["program", "pin_digest"]),
            models.Index(name="redemption_by_decision", fields=["program", "decided_at"]),
            models.Index(name="redemption_by_card", fields=["card", "created_at"]),
        ]
