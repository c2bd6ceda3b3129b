"""A collect finds the ladder that is in force, and says by which one it counted."""

from django.db import migrations, models
from django.db.models import Q


class Migration(migrations.Migration):
    dependencies = [("loyalty", "0015_events_of_levels")]

    operations = [
        migrations.AddIndex(
            "event",
            models.Index(fields=["id"], condition=Q(kind="levels_set"), name="event_levels_set"),
        ),
    ]
