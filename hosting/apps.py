"""Makes the commands for operators known to manage.py."""

from django.apps import AppConfig


class HostingConfig(AppConfig):
    """`hosting`; it has no tables."""

    name = "hosting"
