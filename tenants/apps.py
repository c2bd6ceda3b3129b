"""The shared app of businesses."""

from django.apps import AppConfig


class TenantsConfig(AppConfig):
    """Makes jobs carry their business."""

    name = "tenants"

    def ready(self) -> None:
        """Connect the job signals."""
        from tenants.jobs import carry_business  # django-q's models need the app registry

        carry_business.connect()
