"""How far the review job has read the log."""

from django.db import models
from django.db.models import Q


class ReviewMark(models.Model):
    """The only row of its table, locked while the job runs; `event_id` is the newest line read."""

    id = models.SmallIntegerField(primary_key=True, default=1)
    event_id = models.BigIntegerField(default=0)

    class Meta:
        constraints = [models.CheckConstraint(name="review_mark_one_row", condition=Q(id=1))]
