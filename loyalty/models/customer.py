"""A person with cards at the business."""

from django.db import models
from django.db.models import Q, Value
from django.db.models.functions import Lower


class Customer(models.Model):
    """Known by e-mail alone (in lower case); the random id is all that the ledger ever holds."""

    id = models.BigIntegerField(primary_key=True)
    email = models.CharField(max_length=254, unique=True)
    language = models.CharField(max_length=10, default="")
    created_at = models.DateTimeField()
    # Addresses that reach one mailbox are one person: what is given once is given once to it.
    mailbox = models.CharField(max_length=254, db_default="")
    person = models.BigIntegerField(null=True)
    birth_month = models.PositiveSmallIntegerField(null=True)
    birth_day = models.PositiveSmallIntegerField(null=True)
    birthday_set_at = models.DateTimeField(null=True)
    birthday_changed_at = models.DateTimeField(null=True)
    birthday_counts_from = models.DateTimeField(null=True)
    # The name on the leaderboard; empty for anybody who is not on it.
    nickname = models.CharField(max_length=40, db_default="")
    # What it has in common with names that look like it (loyalty/people/nickname.py).
    nickname_skeleton = models.CharField(max_length=120, db_default="")
    # The level status (loyalty/counting/levels.py).
    level_rung = models.PositiveSmallIntegerField(db_default=0)
    level_rises = models.JSONField(db_default=Value([], models.JSONField()))
    level_held_at = models.DateTimeField(null=True)
    level_trusted_at = models.DateTimeField(null=True)
    # The last visit before an absence that was told already.
    absent_since = models.DateTimeField(null=True)

    class Meta:
        constraints = [
            models.CheckConstraint(name="customer_email_lower", condition=Q(email=Lower("email"))),
            models.CheckConstraint(
                name="customer_birthday_whole",
                condition=Q(birth_month=None, birth_day=None)
                | Q(birth_month__range=(1, 12), birth_day__range=(1, 31)),
            ),
            models.UniqueConstraint(
                Lower("nickname"), name="customer_nickname", condition=~Q(nickname="")
            ),
            models.UniqueConstraint(
                name="customer_nickname_skeleton",
                fields=["nickname_skeleton"],
                condition=~Q(nickname_skeleton=""),
            ),
        ]
        indexes = [
            models.Index(name="customer_by_mailbox", fields=["mailbox"]),
            models.Index(name="customer_by_person", fields=["person"]),
        ]

    @property
    def whose(self) -> int:
        """Whom presents are counted for: the person, or this address while it stands alone."""
        return self.person or self.pk
