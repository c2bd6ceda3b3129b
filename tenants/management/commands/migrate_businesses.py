"""`manage.py migrate_businesses`: shared tables, the template, then every business behind."""

import time
from typing import Any

from django.conf import settings
from django.core.management.base import BaseCommand, CommandError

from tenants import context, each_business, roles
from tenants.jobs import schedules
from tenants.provisioning import migrations, template


class Command(BaseCommand):
    """Safe to run again and under traffic; a business that fails does not keep others back."""

    help = "Brings the shared tables and every business's schema to the newest state."

    def handle(self, *_args: Any, **_options: Any) -> None:
        started = time.monotonic()
        roles.become_owner()
        roles.prepare()
        self._migrate(context.PUBLIC)
        # Each time: rights and schedules may change without a migration.
        roles.grant(context.PUBLIC)
        schedules.keep_schedules()
        self._migrate(settings.TEMPLATE_SCHEMA)
        try:
            template.renew()
        except template.NoDumpError as error:
            self.stderr.write(f"New businesses will take seconds to make: {error}")
        behind = [schema for schema in each_business.schemas() if not migrations.is_current(schema)]
        sweep = each_business.each_business(self._migrate, among=behind)
        for schema, failure in sweep.failed.items():
            self.stderr.write(f"{schema} could not be migrated: {failure}")
        seconds = time.monotonic() - started
        self.stdout.write(f"{len(sweep.done)} businesses migrated, {seconds:.1f} s.")
        if sweep.failed:
            raise CommandError(f"{len(sweep.failed)} businesses are behind; run this again.")

    def _migrate(self, schema: str) -> None:
        if migrations.is_current(schema):
            return
        self.stdout.write(f"Migrating {schema} …")
        migrations.bring_up_to_date(schema)
        roles.grant(schema)
