"""Makes the commands of servers and documents known to manage.py."""

from django.apps import AppConfig


class ConfigConfig(AppConfig):
    """`config`; it has no tables."""

    name = "config"
