"""The live QR session."""

from django.db import models
from django.db.models import Q

from loyalty.base.states import SessionStatus
from loyalty.models.customer import Customer
from loyalty.models.device import Device
from loyalty.models.location import Location
from loyalty.models.preset import Preset
from loyalty.models.product import Product
from loyalty.models.program import Program
from loyalty.models.program_version import ProgramVersion
from loyalty.models.staff_member import StaffMember


class EarnSession(models.Model):
    """One sale waiting to be confirmed; the token itself is derived, never stored (tokens.py).

    Expiry is judged against the clock and never stored. `outcome` is the answer that every
    repetition of the collect gets.
    """

    id = models.BigIntegerField(primary_key=True)
    token_salt = models.BinaryField(max_length=16)
    token_digest = models.BinaryField(max_length=32, unique=True)
    location = models.ForeignKey(Location, on_delete=models.PROTECT)
    # Nobody: it was imported.
    staff = models.ForeignKey(StaffMember, null=True, on_delete=models.PROTECT)
    # Where it was made; null: in a browser that was not paired. Nobody looks sessions up by it.
    device = models.ForeignKey(Device, null=True, on_delete=models.PROTECT, db_index=False)
    program = models.ForeignKey(Program, on_delete=models.PROTECT)
    version = models.ForeignKey(ProgramVersion, on_delete=models.PROTECT)
    preset = models.ForeignKey(Preset, null=True, on_delete=models.PROTECT)
    quantity = models.PositiveIntegerField(null=True)
    amount = models.BigIntegerField(null=True)
    product = models.ForeignKey(Product, null=True, on_delete=models.PROTECT)
    units = models.BigIntegerField()
    # {tier id: units} in matched programs, where each tier has a counter of its own.
    tier_units = models.JSONField(null=True)
    points = models.PositiveIntegerField(default=0)
    policy = models.JSONField()
    status = models.CharField(max_length=10, default=SessionStatus.OPEN.value)
    created_at = models.DateTimeField()
    expires_at = models.DateTimeField()
    customer = models.ForeignKey(Customer, null=True, on_delete=models.SET_NULL)
    collected_at = models.DateTimeField(null=True)
    outcome = models.JSONField(null=True)
    # The version that the card had promised, and the points with the level's multiplier.
    judged_by = models.ForeignKey(
        ProgramVersion, null=True, on_delete=models.PROTECT, related_name="+"
    )
    points_given = models.PositiveIntegerField(db_default=0)
    import_key = models.BinaryField(max_length=32, null=True, unique=True)

    class Meta:
        constraints = [
            models.CheckConstraint(
                name="session_status",
                condition=Q(status__in=[each.value for each in SessionStatus]),
            ),
            models.CheckConstraint(
                name="session_units",
                condition=Q(units__gt=0) | Q(units=0, import_key__isnull=False),
            ),
            models.CheckConstraint(
                name="session_collected_whole",
                condition=~Q(status=SessionStatus.COLLECTED.value)
                | Q(collected_at__isnull=False, outcome__isnull=False),
            ),
        ]
        indexes = [
            models.Index(
                name="session_by_visit",
                fields=["customer", "collected_at"],
                condition=Q(status=SessionStatus.COLLECTED.value),
            ),
            models.Index(name="session_by_staff", fields=["staff", "created_at"]),
        ]
