"""Debts are found and counted, and a card's history is read in the order of time."""

from django.db import migrations, models
from django.db.models import Q

_KINDS = ["often", "burst", "hours", "volume", "pin_closed", "level_held", "owed"]


class Migration(migrations.Migration):
    dependencies = [("loyalty", "0019_one_mailbox")]

    operations = [
        migrations.RemoveConstraint("anomaly", "anomaly_kind"),
        migrations.AddConstraint(
            "anomaly", models.CheckConstraint(condition=Q(kind__in=_KINDS), name="anomaly_kind")
        ),
        migrations.AddIndex(
            "counter",
            models.Index(fields=["card"], condition=Q(debt__gt=0), name="counter_owing"),
        ),
        migrations.AddIndex(
            "card",
            models.Index(fields=["id"], condition=Q(streaks_owed__gt=0), name="card_owing_streaks"),
        ),
        migrations.AddIndex(
            "event",
            models.Index(
                fields=["card_id", "at", "id"],
                condition=Q(card_id__isnull=False),
                name="event_of_card_by_time",
            ),
        ),
        migrations.RemoveIndex("event", "event_by_card"),
    ]
