"""PINs are derived and looked up by a keyed digest; those that were kept in clear are forgotten."""

from django.db import migrations, models
from django.db.models import Q

FORGET = "UPDATE loyalty_redemption SET pin = NULL WHERE pin IS NOT NULL"


class Migration(migrations.Migration):
    dependencies = [("loyalty", "0016_latest_ladder")]

    operations = [
        migrations.AddField("redemption", "pin_turn", models.SmallIntegerField(null=True)),
        migrations.AddField(
            "redemption", "pin_digest", models.BinaryField(max_length=32, null=True)
        ),
        migrations.AddIndex(
            "redemption",
            models.Index(fields=["program", "pin_digest"], name="redemption_by_pin"),
        ),
        migrations.AddConstraint(
            "redemption",
            models.UniqueConstraint(
                fields=["program", "pin_digest"],
                condition=Q(status="open"),
                name="redemption_pin_digest_is_one_in_program",
            ),
        ),
        migrations.RunSQL(FORGET, migrations.RunSQL.noop),
    ]
