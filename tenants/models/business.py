"""A merchant account: one Postgres schema, one or more hosts."""

from typing import NoReturn

from django.core.validators import RegexValidator
from django.db import models
from django_tenants.models import TenantMixin

from tenants.models.plan import Plan
from tenants.origins import check_origins

SCHEMA_NAME = r"^[a-z][a-z0-9_]{2,40}$"


class Business(TenantMixin):  # type: ignore[misc]  # django-tenants ships no types
    """A business; its schema is made by tenants/provisioning, never by saving this row."""

    auto_create_schema = False

    schema_name = models.CharField(
        max_length=41, unique=True, validators=[RegexValidator(SCHEMA_NAME)]
    )
    name = models.CharField(max_length=120)
    plan = models.ForeignKey(Plan, on_delete=models.PROTECT)
    language = models.CharField(max_length=10, default="en")
    origins = models.JSONField(
        default=list,
        blank=True,
        validators=[check_origins],
        help_text="Origins of the business's own front ends, such as https://shop.example",
    )
    is_suspended = models.BooleanField(default=False)
    created_at = models.DateTimeField()

    class Meta:
        verbose_name_plural = "businesses"
        ordering = ["id"]
        constraints = [
            models.CheckConstraint(
                name="business_schema_name", condition=models.Q(schema_name__regex=SCHEMA_NAME)
            )
        ]

    def __str__(self) -> str:
        return self.name

    def __enter__(self) -> NoReturn:
        # django-tenants keeps the previous tenant on the class: two threads swap their businesses.
        raise TypeError("Use `with tenants.context.business(schema)`.")

    def activate(self) -> NoReturn:
        """Refused for the same reason as `with business:`."""
        self.__enter__()
