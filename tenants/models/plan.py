"""What a business may use."""

from django.db import models

_EMPTY = "Empty: no limit"


class Plan(models.Model):  # type: ignore[django-manager-missing]  # Business has an untyped base
    """A plan (docs/rules.md#plans): operators edit it, businesses carry a copy of its numbers."""

    code = models.SlugField(primary_key=True)
    name = models.CharField(max_length=40)
    rank = models.PositiveSmallIntegerField(unique=True)
    max_locations = models.PositiveIntegerField(null=True, blank=True, help_text=_EMPTY)
    max_running_programs = models.PositiveIntegerField(
        null=True, blank=True, help_text="Empty: no limit"
    )
    has_tiered_mode = models.BooleanField(default=True)
    has_api = models.BooleanField(default=False)

    class Meta:
        ordering = ["rank"]

    def __str__(self) -> str:
        return self.name
