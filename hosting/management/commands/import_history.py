"""`manage.py import_history`: visits from another system, as a table, become visits here."""

import gc
import sys
import time
from argparse import ArgumentParser, ArgumentTypeError
from collections.abc import Iterator
from contextlib import contextmanager
from pathlib import Path
from typing import Any

from django.core.management.base import BaseCommand, CommandError
from django.db import Error

from hosting.terminal.progress_bar import ProgressBar
from hosting.terminal.undisturbed_end import undisturbed_end
from loyalty.base.errors import Refused
from loyalty.importing import WRITTEN, ImportReport, ImportRequest, import_history
from loyalty.wording import import_text
from tenants import context
from tenants.each_business import schemas
from tenants.statistics import analyze

_TAB = {"tab": "\t", "\\t": "\t"}


class Command(BaseCommand):
    """Imports all lines or none; ends with 1 when something is wrong. See docs/import.md."""

    help = (
        "Imports a CSV of customer, time and amount (or units):"
        " manage.py import_history visits.csv --business lumo --program 'Coffee 5+1' --dry-run"
    )

    def add_arguments(self, parser: ArgumentParser) -> None:
        parser.add_argument("file", type=Path)
        parser.add_argument("--business", required=True, help="Its schema")
        parser.add_argument("--program", required=True, help="Its id or exact name")
        parser.add_argument("--location", help="Its id or exact name, where there are several")
        parser.add_argument("--columns", type=_columns, default={}, help="customer=…,time=…")
        parser.add_argument("--delimiter", help=", ; | or tab, where the header does not tell")
        parser.add_argument("--dry-run", action="store_true", help="Do it all, and take it back")

    def handle(self, *_args: Any, **options: Any) -> None:
        if options["business"] not in schemas():
            raise CommandError(f"There is no business {options['business']}.")
        delimiter = options["delimiter"]
        wanted = ImportRequest(
            options["file"],
            options["program"],
            options["location"],
            options["columns"],
            _TAB.get(delimiter, delimiter),
        )
        started = time.monotonic()
        with _uncollected(), context.business(options["business"]):
            found = self._import(wanted, is_trial=options["dry_run"])
            if found.visits and not options["dry_run"]:
                analyze(WRITTEN)
        if found.bad:
            self._refuse(found)
        for line in import_text.report(found, seconds=time.monotonic() - started):
            self.stdout.write(line)
        if options["dry_run"]:
            self.stdout.write(import_text.DRY_RUN)

    def _import(self, wanted: ImportRequest, *, is_trial: bool) -> ImportReport:
        bar = ProgressBar(sys.stderr)
        try:
            with undisturbed_end() as end:

                def tell(stage: str, done: int, total: int) -> None:
                    if stage == "finishing":
                        end()
                    else:
                        bar.tell(stage, done, total)

                return import_history(wanted, is_trial=is_trial, tell=tell)
        except OSError as error:
            raise CommandError(import_text.unreadable_file(error)) from None
        except Refused as error:
            raise CommandError(import_text.refusal(error)) from None
        except Error as error:
            raise CommandError(import_text.database_error(error)) from error
        except KeyboardInterrupt:
            raise CommandError(import_text.INTERRUPTED, returncode=130) from None
        finally:
            bar.close()

    def _refuse(self, found: ImportReport) -> None:
        for bad in found.bad:
            self.stderr.write(import_text.bad_line(bad, currency=found.currency))
        if found.wrong > len(found.bad):
            self.stderr.write(import_text.more_wrong_lines(found.wrong - len(found.bad)))
        raise CommandError(import_text.wrong_lines(found))


@contextmanager
def _uncollected() -> Iterator[None]:
    # Nothing of an import goes round in circles, and looking for what does would go through all
    # lines of the file again and again.
    was_on = gc.isenabled()
    gc.disable()
    try:
        yield
    finally:
        if was_on:
            gc.enable()


def _columns(text: str) -> dict[str, str]:
    pairs = [pair.partition("=") for pair in text.split(",")]
    if not all(name and column for name, _, column in pairs):
        raise ArgumentTypeError("Write customer=NAME,time=NAME,amount=NAME.")
    return {name.strip(): column.strip() for name, _, column in pairs}
