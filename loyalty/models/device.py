"""A browser at the counter that staff switch on by passcode."""

from django.db import models
from django.db.models import Q

from loyalty.models.location import Location
from loyalty.models.staff_member import StaffMember

MOST_TRIES = 5


class Device(models.Model):
    """A client that an owner or manager paired once; its token is stored as a digest only.

    `tries` are wrong passcodes since the last right one: with the fifth it is locked. Never
    deleted: sessions and the log name it.
    """

    id = models.BigIntegerField(primary_key=True)
    name = models.CharField(max_length=60)
    location = models.ForeignKey(Location, on_delete=models.PROTECT)
    token_digest = models.BinaryField(max_length=32, unique=True)
    paired_by = models.ForeignKey(StaffMember, on_delete=models.PROTECT)
    paired_at = models.DateTimeField()
    last_seen_at = models.DateTimeField()
    tries = models.PositiveSmallIntegerField(default=0)
    locked_at = models.DateTimeField(null=True)
    revoked_at = models.DateTimeField(null=True)

    class Meta:
        constraints = [
            models.CheckConstraint(name="device_tries", condition=Q(tries__lte=MOST_TRIES))
        ]

    @property
    def is_locked(self) -> bool:
        """True when it takes no passcode until somebody unlocks it."""
        return self.tries >= MOST_TRIES
