"""The database's clock, the append-only guard, and the five plans of SPEC section 7."""

from django.db import migrations

# Tests replace this function by one with an offset; nothing else may read a clock.
CLOCK = """
CREATE OR REPLACE FUNCTION public.plusone_clock() RETURNS timestamptz
LANGUAGE sql VOLATILE PARALLEL SAFE AS 'SELECT clock_timestamp()'
"""

REFUSE_CHANGE = """
CREATE OR REPLACE FUNCTION public.plusone_refuse_change() RETURNS trigger
LANGUAGE plpgsql AS $$
BEGIN
    RAISE EXCEPTION 'rows of this table are appended, never changed' USING ERRCODE = '42501';
END
$$
"""

PLANS = [
    ("free", "Free", 1, 1, 1, False, False),
    ("starter", "Starter", 2, 3, 3, True, False),
    ("business", "Business", 3, 10, 10, True, False),
    ("network", "Network", 4, 50, None, True, True),
    ("enterprise", "Enterprise", 5, None, None, True, True),
]


def add_plans(apps, schema_editor):
    plan = apps.get_model("tenants", "Plan")
    for code, name, rank, locations, programs, tiered, api in PLANS:
        plan.objects.create(
            code=code,
            name=name,
            rank=rank,
            max_locations=locations,
            max_running_programs=programs,
            has_tiered_mode=tiered,
            has_api=api,
        )


class Migration(migrations.Migration):
    dependencies = [("tenants", "0001_initial")]

    operations = [
        migrations.RunSQL(CLOCK, "DROP FUNCTION public.plusone_clock()"),
        migrations.RunSQL(REFUSE_CHANGE, "DROP FUNCTION public.plusone_refuse_change()"),
        migrations.RunPython(add_plans, migrations.RunPython.noop),
    ]
