#!/usr/bin/env python
"""Runs the product's commands; `manage.py help` lists them."""

import os
import sys

from django.core.exceptions import ImproperlyConfigured
from django.core.management import execute_from_command_line

from tenants import context


def main() -> None:
    """Run one command; it starts in `public` and chooses a business by itself."""
    os.environ.setdefault("DJANGO_SETTINGS_MODULE", "config.settings")
    context.activate(context.PUBLIC)
    try:
        execute_from_command_line(sys.argv)
    except ImproperlyConfigured as error:
        sys.exit(str(error))


if __name__ == "__main__":
    main()
