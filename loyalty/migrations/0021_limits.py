"""Limits that slide, in one row a caller; browsers in which somebody has signed in before."""

import django.db.models.deletion
from django.db import migrations, models
from django.db.models import Q


class Migration(migrations.Migration):
    dependencies = [("loyalty", "0020_debts_and_history_by_time")]

    operations = [
        migrations.CreateModel(
            name="Allowance",
            fields=[
                ("id", models.BigAutoField(
                        auto_created=True, primary_key=True, serialize=False, verbose_name="ID"
                    )),
                ("what", models.CharField(max_length=100, unique=True)),
                ("full_at", models.DateTimeField()),
            ],
        ),
        migrations.CreateModel(
            name="KnownBrowser",
            fields=[
                ("id", models.BigAutoField(
                        auto_created=True, primary_key=True, serialize=False, verbose_name="ID"
                    )),
                ("digest", models.BinaryField(max_length=32, unique=True)),
                ("seen_at", models.DateTimeField()),
                (
                    "customer",
                    models.ForeignKey(
                        null=True,
                        on_delete=django.db.models.deletion.CASCADE,
                        to="loyalty.customer",
                    ),
                ),
                (
                    "staff",
                    models.ForeignKey(
                        null=True,
                        on_delete=django.db.models.deletion.CASCADE,
                        to="loyalty.staffmember",
                    ),
                ),
            ],
            options={
                "constraints": [
                    models.CheckConstraint(
                        condition=Q(customer__isnull=True, staff__isnull=False)
                        | Q(customer__isnull=False, staff__isnull=True),
                        name="known_browser_of_one_person",
                    )
                ],
            },
        ),
    ]
