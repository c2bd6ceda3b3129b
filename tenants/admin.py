"""The operators' admin on the platform's own host."""

from django.contrib import admin
from django.contrib.auth.admin import UserAdmin
from django.contrib.auth.models import Group
from django.http import HttpRequest

from tenants import hosts
from tenants.accounts.models import User
from tenants.models import Business, Domain, JobPulse, Plan

# Operators may do everything: groups and permissions are not used.
admin.site.unregister(Group)


class DomainInline(admin.TabularInline):
    """A business's hosts."""

    model = Domain
    extra = 0


@admin.register(Business)
class BusinessAdmin(admin.ModelAdmin):
    """Businesses; made by sign-up or `manage.py create_business`, never deleted here."""

    list_display = ("name", "schema_name", "plan", "is_suspended", "created_at")
    list_filter = ("plan", "is_suspended")
    search_fields = ("name", "schema_name", "domains__domain")
    readonly_fields = ("schema_name", "created_at")
    inlines = (DomainInline,)

    def has_add_permission(self, request: HttpRequest) -> bool:  # noqa: ARG002  Django's signature
        """A row without its schema would be a business that answers with errors."""
        return False

    def has_delete_permission(self, request: HttpRequest, obj: object = None) -> bool:  # noqa: ARG002  Django's signature
        """Deleting a row would orphan the business's data."""
        return False

    def save_related(self, *args: object, **kwargs: object) -> None:
        """Let this process see the change at once; the others follow within 30 seconds."""
        super().save_related(*args, **kwargs)  # type: ignore[arg-type]  # passed on as it came
        hosts.forget()


@admin.register(Plan)
class PlanAdmin(admin.ModelAdmin):
    """What each plan allows."""

    list_display = (
        "name",
        "max_locations",
        "max_running_programs",
        "has_tiered_mode",
        "has_api",
    )


@admin.register(User)
class OperatorAdmin(UserAdmin):
    """Operators of the platform (the people of businesses live in their own schemas)."""

    ordering = ("email",)
    list_display = ("email", "is_active", "is_operator", "last_login")
    list_filter = ("is_active",)
    search_fields = ("email",)
    filter_horizontal = ()
    fieldsets = ((None, {"fields": ("email", "password", "is_active", "is_operator")}),)
    add_fieldsets = ((None, {"fields": ("email", "password1", "password2", "is_operator")}),)


@admin.register(JobPulse)
class JobPulseAdmin(admin.ModelAdmin):
    """Which job workers live; they write themselves."""

    list_display = ("worker", "seen_at")

    def has_add_permission(self, request: HttpRequest) -> bool:  # noqa: ARG002  Django's signature
        """A pulse made by hand would hide that nobody works."""
        return False
