"""An undo and a proof find the few lines about levels without reading the whole log."""

from django.db import migrations, models
from django.db.models import Q


class Migration(migrations.Migration):
    dependencies = [("loyalty", "0014_findings_and_nicknames")]

    operations = [
        migrations.AddIndex(
            "event",
            models.Index(
                fields=["customer_id"],
                condition=Q(kind__in=["levels_set", "reviewed"]),
                name="event_of_levels",
            ),
        ),
    ]
