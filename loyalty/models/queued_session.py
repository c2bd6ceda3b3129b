"""A session taken for an address whose owner has not signed in yet."""

from django.db import models

from loyalty.models.earn_session import EarnSession


class QueuedSession(models.Model):
    """Would-be units, decided as at `scanned_at`, granted when the address is confirmed."""

    session = models.OneToOneField(EarnSession, primary_key=True, on_delete=models.PROTECT)
    email = models.CharField(max_length=254)
    # What waits is limited by person: all addresses of the mailbox share the places.
    mailbox = models.CharField(max_length=254, db_default="")
    claim_digest = models.BinaryField(max_length=32)
    scanned_at = models.DateTimeField()
    expires_at = models.DateTimeField()
    mails_sent = models.PositiveSmallIntegerField(default=0)

    class Meta:
        indexes = [
            models.Index(name="queued_by_email", fields=["email"]),
            models.Index(name="queued_by_mailbox", fields=["mailbox"]),
        ]
