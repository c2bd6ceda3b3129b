"""`manage.py verify_chain`: was anything of log and ledger changed after it had been sealed?"""

import re
from argparse import ArgumentParser, ArgumentTypeError
from itertools import islice
from typing import Any

from django.core.management.base import BaseCommand, CommandError

from loyalty.books import ChainPosition, ChainWalk, SealFault, unexpected
from tenants.each_business import each_business, schemas

AT_MOST = 20
_REPORT_EVERY = 100_000
_NOTED = re.compile(r"([0-9]{1,18}):([0-9a-f]{64})")


class Command(BaseCommand):
    """Reads only; says what is broken first, and ends with 1 when something is."""

    help = "Proves the hash chain of one business (its schema) or of all."

    def add_arguments(self, parser: ArgumentParser) -> None:
        parser.add_argument("schema", nargs="?", help="All businesses when left out")
        parser.add_argument(
            "--expect",
            metavar="NUMBER:DIGEST",
            type=_noted,
            help="A seal as an earlier run printed it; needs the schema",
        )

    def handle(self, *_args: Any, **options: Any) -> None:
        known = schemas()
        wanted = [options["schema"]] if options["schema"] else known
        if not set(wanted) <= set(known):
            raise CommandError(f"There is no business {options['schema']}.")
        if options["expect"] and not options["schema"]:
            raise CommandError("--expect needs the schema that the seal belongs to.")
        broken: list[SealFault] = []

        def verify(schema: str) -> None:
            place = f"{wanted.index(schema) + 1}/{len(wanted)} {schema}"
            broken.extend(self._verify(place, options["expect"]))

        sweep = each_business(verify, among=wanted)
        if broken or sweep.failed:
            raise CommandError(
                f"{len(broken)} broken (at most {AT_MOST} a business are looked for),"
                f" {len(sweep.failed)} businesses could not be read."
            )

    def _verify(self, place: str, expected: ChainPosition | None) -> list[SealFault]:
        walk, said = ChainWalk(), 0

        def progress(rows: int) -> None:
            nonlocal said
            if rows >= said + _REPORT_EVERY:
                said = rows
                self.stdout.write(f"{place}: {rows} rows …")

        found = list(islice(walk.broken(progress=progress), AT_MOST))
        if expected and (other := unexpected(expected)):
            found.append(other)
        for each in found:
            where = "" if each.seal is None else f"seal {each.seal}: "
            self.stderr.write(f"{place}: {where}{each.what}")
        last = f"{walk.last.number}:{walk.last.digest.hex()}" if walk.last.number else "no seal yet"
        verdict = f"{len(found)} broken" if found else f"whole, {walk.rows} rows, {last}"
        self.stdout.write(f"{place}: {verdict}")
        return found


def _noted(text: str) -> ChainPosition:
    if (parts := _NOTED.fullmatch(text)) is None:
        raise ArgumentTypeError("a number, a colon and 64 hexadecimal digits are expected")
    return ChainPosition(int(parts[1]), bytes.fromhex(parts[2]))
