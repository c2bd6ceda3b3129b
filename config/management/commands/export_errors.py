"""`manage.py export_errors`: docs/errors.md, out of the tables of the code."""

from typing import Any

from django.core.management.base import BaseCommand

from graphql_api.errors_page import page


class Command(BaseCommand):
    """Prints the page."""

    help = "Prints docs/errors.md: every code with which the API says that something is wrong."

    def handle(self, *args: Any, **options: Any) -> None:  # noqa: ARG002  Django's signature
        """Print it."""
        self.stdout.write(page(), ending="")
