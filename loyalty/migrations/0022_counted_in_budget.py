"""A bonus says whether it was counted in its program's budget.

An earlier release, which may run beside this one, leaves it NULL, and so do the rows of before:
then source and session say it (`loyalty/actions/count_in_budget.py`), so that no table is rewritten
while customers wait.
"""

from django.db import migrations, models


class Migration(migrations.Migration):
    dependencies = [("loyalty", "0021_limits")]

    operations = [
        migrations.AddField("bonus", "counted_in_budget", models.BooleanField(null=True)),
    ]
