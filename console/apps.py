"""The pages' app."""

from django.apps import AppConfig


class ConsoleConfig(AppConfig):
    """`console`; it has no tables."""

    name = "console"
