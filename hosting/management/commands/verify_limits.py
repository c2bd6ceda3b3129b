"""`manage.py verify_limits`: does each business have the limits of its plan?"""

from argparse import ArgumentParser
from typing import Any

from django.core.management.base import BaseCommand, CommandError

from hosting.plan_limits import differences, follow_plans


class Command(BaseCommand):
    """Reads only, and ends with 1 when something differs; --mend writes what the plans say."""

    help = "Compares the limits of all businesses with those of their plans."

    def add_arguments(self, parser: ArgumentParser) -> None:
        parser.add_argument("--mend", action="store_true", help="Write what the plans say")

    def handle(self, *_args: Any, **options: Any) -> None:
        if options["mend"]:
            follow_plans()
        found = differences()
        for schema, wanted in found.items():
            self.stderr.write(f"{schema} has other limits than its plan: {wanted or 'unreadable'}")
        if found:
            raise CommandError(f"{len(found)} businesses differ; --mend writes what the plans say.")
        self.stdout.write("All businesses have the limits of their plans.")
