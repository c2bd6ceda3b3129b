"""The host names of a business."""

from django.db import models
from django_tenants.models import DomainMixin


class Domain(DomainMixin):  # type: ignore[misc]  # django-tenants ships no types
    """A host in lower case, without port; links in mails use the primary one."""

    class Meta:
        constraints = [
            models.CheckConstraint(
                name="domain_is_lower_case", condition=models.Q(domain__regex=r"^[a-z0-9.-]+$")
            )
        ]
