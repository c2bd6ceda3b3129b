"""Makes the demo's command known to manage.py."""

from django.apps import AppConfig


class DemoConfig(AppConfig):
    """`demo`; it has no tables."""

    name = "demo"
