"""The ledger: the only truth about value."""

from django.db import models
from django.db.models import Q

from loyalty.base.states import EntryKind
from loyalty.models.bonus import Bonus
from loyalty.models.card import Card
from loyalty.models.earn_session import EarnSession
from loyalty.models.event import Event
from loyalty.models.program_version import ProgramVersion
from loyalty.models.tier import Tier

# What takes units away, and what may do both.
_TAKING = [each.value for each in (EntryKind.COMPLETE, EntryKind.FORFEIT, EntryKind.EXPIRE)]
_CORRECTING = [each.value for each in EntryKind if each not in {EntryKind.EARN, *_TAKING}]


class LedgerEntry(models.Model):
    """One movement of units on a card; appended, never changed (grants, and a trigger behind).

    The sum of a card's entries is its open units less its debt. `card_version` and `line` number
    the entries of a card without gaps in the order of its changes.
    """

    append_only = True

    id = models.BigIntegerField(primary_key=True)
    card = models.ForeignKey(Card, on_delete=models.PROTECT, related_name="entries")
    card_version = models.PositiveIntegerField()
    line = models.PositiveSmallIntegerField()
    tier = models.ForeignKey(Tier, null=True, on_delete=models.PROTECT)
    kind = models.CharField(max_length=10)
    units = models.BigIntegerField()
    version = models.ForeignKey(ProgramVersion, on_delete=models.PROTECT)
    session = models.ForeignKey(EarnSession, null=True, on_delete=models.PROTECT)
    bonus = models.ForeignKey(Bonus, null=True, on_delete=models.PROTECT)
    event = models.ForeignKey(Event, on_delete=models.PROTECT)
    occurred_at = models.DateTimeField()
    recorded_at = models.DateTimeField()
    origin = models.CharField(max_length=40, default="")

    class Meta:
        constraints = [
            models.UniqueConstraint(
                name="ledger_order_on_card", fields=["card", "card_version", "line"]
            ),
            models.UniqueConstraint(
                name="ledger_session_earns_once",
                fields=["session", "tier"],
                condition=Q(kind=EntryKind.EARN.value),
                nulls_distinct=False,
            ),
            models.CheckConstraint(
                name="ledger_sign",
                condition=Q(kind=EntryKind.EARN.value, units__gt=0)
                | Q(kind__in=_TAKING, units__lt=0)
                | (Q(kind__in=_CORRECTING) & ~Q(units=0)),
            ),
        ]
