"""`manage.py demo`: prepares the database, the demo's businesses and the file that lists them."""

import json
import os
from argparse import ArgumentParser
from pathlib import Path
from typing import Any

from django.core.management import call_command
from django.core.management.base import BaseCommand

from demo.businesses import DEMO_BUSINESSES
from demo.describe import describe, operator
from demo.seed import seed, seed_operator


class Command(BaseCommand):
    """Safe to run again: what is there already is taken up, nothing is made twice."""

    help = "Prepares the database, makes the demo businesses and writes where to find them."

    def add_arguments(self, parser: ArgumentParser) -> None:
        parser.add_argument("--json", required=True, help="The file to write")
        parser.add_argument("--port", type=int, default=int(os.environ.get("PORT", "8000")))

    def handle(self, *_args: Any, **options: Any) -> None:
        call_command("migrate_businesses", stdout=self.stdout, stderr=self.stderr)
        seed_operator()
        for demo in DEMO_BUSINESSES:
            if seed(demo):
                self.stdout.write(f"Made {demo.name}.")
        port = options["port"]
        facts = {
            "operator": operator(port),
            "businesses": {demo.schema: describe(demo, port=port) for demo in DEMO_BUSINESSES},
        }
        _write(Path(options["json"]), facts)


def _write(path: Path, facts: dict[str, Any]) -> None:
    unfinished = path.with_suffix(".part")
    # Tokens lie in it: for the eyes of the person who started the demo only.
    unfinished.touch(mode=0o600)
    unfinished.write_text(json.dumps(facts, indent=2) + "\n")
    unfinished.rename(path)
