"""One customer in one program."""

from django.db import models

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

    class Meta:
        constraints = [
            models.UniqueConstraint(name="card_one_per_program", fields=["customer", "program"]),
        ]
