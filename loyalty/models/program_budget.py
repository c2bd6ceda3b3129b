"""What a program may give altogether."""

from django.db import models
from django.db.models import F, Q

from loyalty.models.program import Program


class ProgramBudget(models.Model):
    """Bonuses given and their worth (minor units); its own limits refuse what would be too much.

    Without a row a program has no budget. Two collects at once meet in the CHECK. A bonus says
    itself whether it is counted here: what an undo, a refund or a late grant gives may be beyond.
    """

    program = models.OneToOneField(
        Program, primary_key=True, on_delete=models.PROTECT, related_name="budget"
    )
    bonuses = models.BigIntegerField(default=0)
    worth = models.BigIntegerField(default=0)
    most_bonuses = models.BigIntegerField(null=True)
    most_worth = models.BigIntegerField(null=True)

    class Meta:
        constraints = [
            models.CheckConstraint(
                name="budget_of_bonuses",
                condition=Q(most_bonuses=None) | Q(bonuses__lte=F("most_bonuses")),
            ),
            models.CheckConstraint(
                name="budget_of_worth",
                condition=Q(most_worth=None) | Q(worth__lte=F("most_worth")),
            ),
            models.CheckConstraint(
                name="budget_not_negative", condition=Q(bonuses__gte=0, worth__gte=0)
            ),
        ]
