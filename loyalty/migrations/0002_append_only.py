"""The second lock behind the grants: a trigger on every table that is only appended.

`SET LOCAL citus.enable_unsafe_triggers` lets the same migration run on a distributed schema; plain
Postgres accepts and ignores it.
"""

from django.db import migrations

TABLES = ["loyalty_ledgerentry", "loyalty_event", "loyalty_programversion"]


def guard(table):
    return [
        "SET LOCAL citus.enable_unsafe_triggers = on",
        f"CREATE TRIGGER {table}_append_only BEFORE UPDATE OR DELETE ON {table}"
        " FOR EACH ROW EXECUTE FUNCTION public.plusone_refuse_change()",
        f"CREATE TRIGGER {table}_never_emptied BEFORE TRUNCATE ON {table}"
        " FOR EACH STATEMENT EXECUTE FUNCTION public.plusone_refuse_change()",
    ]


def unguard(table):
    return [
        f"DROP TRIGGER {table}_append_only ON {table}",
        f"DROP TRIGGER {table}_never_emptied ON {table}",
    ]


class Migration(migrations.Migration):
    dependencies = [("loyalty", "0001_initial")]

    operations = [migrations.RunSQL(guard(table), unguard(table)) for table in TABLES]
