"""One customer in one program."""

from django.db import models
from django.db.models import Q

from loyalty.models.customer import Customer
from loyalty.models.program import Program
from loyalty.models.program_version import ProgramVersion


class Card(models.Model):
    """The projected state; `promise` is the version whose numbers the running card keeps.

    `version` rises by one with every change, so that clients can drop older ones.
    """

    id = models.BigIntegerField(primary_key=True)
    customer = models.ForeignKey(Customer, null=True, on_delete=models.SET_NULL)
    program = models.ForeignKey(Program, on_delete=models.PROTECT)
    promise = models.ForeignKey(ProgramVersion, on_delete=models.PROTECT)
    version = models.PositiveIntegerField()
    visits = models.PositiveIntegerField(default=0)
    points = models.BigIntegerField(default=0)
    created_at = models.DateTimeField()
    last_visit_at = models.DateTimeField(null=True)
    # Open units are over from here on (null: never); judged on reading, entered by a daily job.
    units_end_at = models.DateTimeField(null=True)
    units_warned_at = models.DateTimeField(null=True)
    # The streak (loyalty/counting/streak.py), and bonuses of it that were used and then taken back.
    streak_days = models.PositiveIntegerField(db_default=0)
    streak_last_at = models.DateTimeField(null=True)
    streak_freezes_used = models.PositiveSmallIntegerField(db_default=0)
    streak_ends_at = models.DateTimeField(null=True)
    streaks_owed = models.PositiveIntegerField(db_default=0)
    # The customer's points (loyalty/levels/points.py), on the card that was visited last:
    # its row is written anyway, while everybody who waits for the customer stands at theirs.
    activity = models.JSONField(null=True)

    class Meta:
        constraints = [
            models.UniqueConstraint(name="card_one_per_program", fields=["customer", "program"]),
        ]
        indexes = [
            models.Index(
                name="card_by_units_end",
                fields=["units_end_at"],
                condition=Q(units_end_at__isnull=False),
            ),
            models.Index(name="card_owing_streaks", fields=["id"], condition=Q(streaks_owed__gt=0)),
        ]
