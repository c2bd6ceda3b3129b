"""The auditable log."""

from django.db import models
from django.db.models import Q

from loyalty.base.events import EventKind


class Event(models.Model):
    """Who, where, what, when, under which policy; appended, never changed.

    Holds ids only and no foreign keys: the log outlives what it names, and erasing a person
    changes nothing in it.
    """

    append_only = True

    id = models.BigIntegerField(primary_key=True)
    kind = models.CharField(max_length=30)
    at = models.DateTimeField()
    location_id = models.BigIntegerField(null=True)
    staff_id = models.BigIntegerField(null=True)
    # The paired device it was done on, if it was one.
    device_id = models.BigIntegerField(null=True)
    preset_id = models.BigIntegerField(null=True)
    session_id = models.BigIntegerField(null=True)
    card_id = models.BigIntegerField(null=True)
    card_version = models.PositiveIntegerField(null=True)
    version_id = models.BigIntegerField(null=True)
    units = models.BigIntegerField(null=True)
    amount = models.BigIntegerField(null=True)
    points = models.BigIntegerField(null=True)
    policy = models.JSONField(null=True)
    details = models.JSONField(null=True)
    # A random id that means nothing once the person is erased.
    customer_id = models.BigIntegerField(null=True)
    # Of a refusal: why.
    code = models.CharField(max_length=30, db_default="")

    class Meta:
        constraints = [
            models.UniqueConstraint(
                name="event_session_collected_once",
                fields=["session_id"],
                condition=Q(kind=EventKind.COLLECTED.value),
            ),
            models.UniqueConstraint(
                name="event_refused_once",
                fields=["customer_id", "session_id", "code"],
                condition=Q(kind=EventKind.REFUSED.value),
            ),
        ]
        indexes = [
            models.Index(name="event_by_time", fields=["at"]),
            # A card's history goes by time: an import writes later what happened before.
            models.Index(
                name="event_of_card_by_time",
                fields=["card_id", "at", "id"],
                condition=Q(card_id__isnull=False),
            ),
            models.Index(
                name="event_absent", fields=["id"], condition=Q(kind=EventKind.ABSENT.value)
            ),
            # What became of the levels, and of rises that were held: some lines among millions.
            models.Index(
                name="event_of_levels",
                fields=["customer_id"],
                condition=Q(kind__in=[EventKind.LEVELS_SET.value, EventKind.REVIEWED.value]),
            ),
            # What the review reads: an import is nobody's doing, and may be millions of lines.
            models.Index(
                name="event_reviewed",
                fields=["id"],
                condition=Q(
                    kind__in=[
                        EventKind.MINTED.value,
                        EventKind.CONFIRMED.value,
                        EventKind.PIN_CLOSED.value,
                    ]
                )
                | Q(kind=EventKind.COLLECTED.value, staff_id__isnull=False),
            ),
            # Which level table is in force: every collect asks for the latest of these lines.
            models.Index(
                name="event_levels_set", fields=["id"], condition=Q(kind=EventKind.LEVELS_SET.value)
            ),
            # What became of a session; its mint and its collect are found without it.
            models.Index(
                name="event_by_session",
                fields=["session_id"],
                condition=Q(
                    kind__in=[
                        EventKind.QUEUED.value,
                        EventKind.REFUSED.value,
                        EventKind.VOIDED.value,
                    ]
                ),
            ),
        ]
