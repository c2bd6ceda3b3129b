"""The review reads on from where it was, past all that was imported meanwhile."""

from django.db import migrations, models
from django.db.models import Q


class Migration(migrations.Migration):
    dependencies = [("loyalty", "0017_pins_by_digest")]

    operations = [
        migrations.AddIndex(
            "event",
            models.Index(
                fields=["id"],
                condition=Q(kind__in=["minted", "confirmed", "pin_closed"])
                | Q(kind="collected", staff_id__isnull=False),
                name="event_reviewed",
            ),
        ),
    ]
