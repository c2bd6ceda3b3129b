"""`manage.py verify_ledger`: do balances, events and redemptions agree with the ledger?"""

import sys
from argparse import ArgumentParser
from functools import partial
from typing import Any

from django.core.management.base import BaseCommand, CommandError

from hosting.terminal.count_line import CountLine
from loyalty.books import BookFault, wrong_in_all
from tenants.each_business import each_business, schemas


class Command(BaseCommand):
    """Counts from the first sale on, reads only; ends with 1 when something differs."""

    help = "Proves the books of one business (its schema) or of all."

    def add_arguments(self, parser: ArgumentParser) -> None:
        parser.add_argument("schema", nargs="?", help="All businesses when left out")

    def handle(self, *_args: Any, **options: Any) -> None:
        known = schemas()
        wanted = [options["schema"]] if options["schema"] else known
        if not set(wanted) <= set(known):
            raise CommandError(f"There is no business {options['schema']}.")
        found = list[tuple[str, BookFault]]()

        def verify(schema: str) -> None:
            place = f"{wanted.index(schema) + 1}/{len(wanted)} {schema}"
            line = CountLine(sys.stderr)
            try:
                wrong = wrong_in_all(partial(line.tell, place))
            finally:
                line.close()
            found.extend((schema, each) for each in wrong)
            self.stdout.write(f"{place}: {len(wrong) or 'nothing'} wrong")

        sweep = each_business(verify, among=wanted)
        for schema, each in found:
            self.stderr.write(
                f"{schema}: {each.what} ({each.number}: {each.found}, {each.expected})"
            )
        if found or sweep.failed:
            raise CommandError(f"{len(found)} wrong, {len(sweep.failed)} could not be read.")
