"""The hash chain over the log and the ledger."""

from django.contrib.postgres.fields import ArrayField, BigIntegerRangeField
from django.contrib.postgres.indexes import GistIndex
from django.db import models
from django.db.models import F, Func, Q

_EVENTS = Func(F("events"), function="cardinality", output_field=models.IntegerField())
_ENTRIES = Func(F("entries"), function="cardinality", output_field=models.IntegerField())


class Seal(models.Model):
    """One batch of committed rows, named exactly; each digest covers the one before (decision 11).

    `marks` holds the first 8 bytes of each row's own digest, events first: they tell which row was
    changed. `form` is the number of the seal that states, in `columns`, what is covered.
    """

    append_only = True

    number = models.BigIntegerField(primary_key=True)
    sealed_at = models.DateTimeField()
    # Unique: two seals after the same one would be a fork.
    previous = models.BinaryField(max_length=32, unique=True)
    digest = models.BinaryField(max_length=32)
    count = models.PositiveIntegerField()
    events = ArrayField(models.BigIntegerField())
    entries = ArrayField(models.BigIntegerField())
    marks = models.BinaryField()
    # From the smallest to the largest id of its rows.
    span = BigIntegerRangeField()
    form = models.BigIntegerField()
    columns = models.JSONField(null=True)

    class Meta:
        constraints = [
            models.CheckConstraint(name="seal_covers_rows", condition=Q(count__gt=0)),
            models.CheckConstraint(
                name="seal_counts_its_rows", condition=Q(count=_EVENTS + _ENTRIES)
            ),
            models.CheckConstraint(
                name="seal_states_columns_once",
                condition=Q(form=F("number"), columns__isnull=False)
                | Q(form__lt=F("number"), columns__isnull=True),
            ),
        ]
        indexes = [GistIndex(name="seal_by_span", fields=["span"])]
