"""`python -m local.bench`: needs the keys and DATABASE_URL, the owner's, of a database to spoil."""

import os

import django

from local import entry
from local.bench import options


def main(arguments: list[str]) -> int:
    """Measure, print, prove; 1 when the books do not agree afterwards."""
    chosen = options.parse(arguments)
    os.environ.setdefault("DJANGO_SETTINGS_MODULE", "config.settings")
    django.setup()
    # Imports models, which need the line before.
    from local.bench import suite

    return suite.run(chosen)


if __name__ == "__main__":
    entry.run(main)
