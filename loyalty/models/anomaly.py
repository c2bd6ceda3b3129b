"""What a manager should look at."""

from django.db import models
from django.db.models import Q

from loyalty.base.states import FindingKind, FindingStatus


class Anomaly(models.Model):
    """One finding of the review job; what it names are plain numbers, for it outlives them.

    `evidence` holds the session ids and the figures that it rests on; `version` rises when more
    evidence is added, and nothing is added to what was decided.
    """

    kind = models.CharField(max_length=20)
    # What the job knows the subject by, and what it knows this finding by.
    subject = models.CharField(max_length=120)
    fingerprint = models.CharField(max_length=160, unique=True)
    version = models.PositiveIntegerField(default=1)
    at = models.DateTimeField()
    location_id = models.BigIntegerField(null=True)
    staff_id = models.BigIntegerField(null=True)
    device_id = models.BigIntegerField(null=True)
    card_id = models.BigIntegerField(null=True)
    program_id = models.BigIntegerField(null=True)
    customer_id = models.BigIntegerField(null=True)
    evidence = models.JSONField()
    status = models.CharField(max_length=10, default=FindingStatus.OPEN.value)
    decided_by = models.BigIntegerField(null=True)
    decided_at = models.DateTimeField(null=True)
    reason = models.CharField(max_length=200, default="")
    # What an approved level came to: {"level": …, "bonuses": […]}.
    outcome = models.JSONField(null=True)

    class Meta:
        constraints = [
            models.CheckConstraint(
                name="anomaly_kind",
                condition=Q(kind__in=[each.value for each in FindingKind]),
            ),
            models.CheckConstraint(
                name="anomaly_decided_whole",
                condition=Q(status=FindingStatus.OPEN.value, decided_by=None, decided_at=None)
                | Q(
                    status__in=[FindingStatus.APPROVED.value, FindingStatus.VOIDED.value],
                    decided_by__isnull=False,
                    decided_at__isnull=False,
                )
                | Q(status=FindingStatus.LAPSED.value, decided_by=None, decided_at__isnull=False),
            ),
        ]
        indexes = [
            models.Index(name="anomaly_by_status", fields=["status", "id"]),
            models.Index(name="anomaly_by_subject", fields=["subject"]),
        ]
