"""Answers kept for repeated requests."""

from django.db import models


class IdempotencyKey(models.Model):
    """The first answer to a key of one actor; kept 24 hours."""

    actor = models.CharField(max_length=60)
    key = models.CharField(max_length=255)
    input_digest = models.BinaryField(max_length=32)
    answer = models.JSONField()
    created_at = models.DateTimeField()

    class Meta:
        constraints = [
            models.UniqueConstraint(name="idempotency_key_of_actor", fields=["actor", "key"])
        ]
