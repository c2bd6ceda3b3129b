"""What operators see; each model is here because somebody needs it, and a test lists them."""

from typing import Any

from django.contrib import admin, messages
from django.db import transaction
from django.db.models import Model, QuerySet
from django.forms import ModelForm
from django.http import HttpRequest, HttpResponse
from django_q.models import Failure

from hosting.operators.sign_in import OperatorSignInForm
from hosting.plan_limits import change_plan, follow_plans
from loyalty.programs import beyond_plan
from loyalty.wording import beyond_plan_text
from tenants import context, hosts
from tenants.accounts.models import User
from tenants.models import Business, Domain, JobPulse, Plan
from tenants.operators.site import site

site.login_form = OperatorSignInForm
_HELP = {
    "origins": (
        "The business's own front ends that browsers may call its API from, as a list in JSON:"
        ' ["https://shop.example", "http://localhost:3000"]. Each is scheme, host and port, with'
        " nothing behind; [] is none."
    ),
    "is_suspended": "Its API and pages can be read then, and nothing else.",
}


class ReadOnly(admin.ModelAdmin):
    """Rows to look at."""

    def has_add_permission(self, request: HttpRequest) -> bool:  # noqa: ARG002  Django's signature
        """Others write these."""
        return False

    def has_change_permission(self, request: HttpRequest, obj: object = None) -> bool:  # noqa: ARG002  Django's signature
        """Others write these."""
        return False

    def has_delete_permission(self, request: HttpRequest, obj: object = None) -> bool:  # noqa: ARG002  Django's signature
        """Others write these."""
        return False


class DomainInline(admin.TabularInline):
    """A business's hosts."""

    model = Domain
    extra = 0


@admin.register(Business, site=site)
class BusinessAdmin(admin.ModelAdmin):
    """Businesses; made by sign-up or `manage.py create_business`, never deleted here."""

    list_display = ("name", "schema_name", "plan", "is_open", "created_at")
    list_filter = ("plan", "is_suspended")
    search_fields = ("name", "schema_name", "domains__domain")
    readonly_fields = ("schema_name", "created_at")
    inlines = (DomainInline,)

    @admin.display(boolean=True, description="Open", ordering="is_suspended")
    def is_open(self, obj: Business) -> bool:
        """A column whose red mark is the bad news."""
        return not obj.is_suspended

    def get_form(self, request: HttpRequest, *args: Any, **kwargs: Any) -> type[ModelForm]:
        """The form, which says what its fields take."""
        return super().get_form(request, *args, **kwargs, help_texts=_HELP)

    def has_add_permission(self, request: HttpRequest) -> bool:  # noqa: ARG002  Django's signature
        """A row without its schema would be a business that answers with errors."""
        return False

    def has_delete_permission(self, request: HttpRequest, obj: object = None) -> bool:  # noqa: ARG002  Django's signature
        """Deleting a row would orphan the business's data."""
        return False

    def save_model(
        self,
        request: HttpRequest,
        obj: Business,
        form: ModelForm,
        change: bool,  # noqa: FBT001  Django's signature
    ) -> None:
        """The row; a plan together with its limits, as everywhere."""
        super().save_model(request, obj, form, change)
        if "plan" in form.changed_data:
            change_plan(obj, obj.plan)
            with context.business(obj.schema_name):
                left = beyond_plan()
            for program in left:
                self.message_user(request, beyond_plan_text(program), messages.WARNING)

    def save_related(self, *args: object, **kwargs: object) -> None:
        """Let this process see the change at once; the others follow within 30 seconds."""
        super().save_related(*args, **kwargs)  # type: ignore[arg-type]  # passed on as it came
        hosts.forget()


@admin.register(Plan, site=site)
class PlanAdmin(admin.ModelAdmin):
    """What each plan allows."""

    list_display = (
        "name",
        "max_locations",
        "max_running_programs",
        "menus",
        "exploring",
    )

    # Words: what a plan leaves out is no bad news, and gets no red mark.
    @admin.display(description="Programs with a choice", ordering="has_tiered_mode")
    def menus(self, obj: Plan) -> str:
        """Whether it has them."""
        return _included(is_included=obj.has_tiered_mode)

    @admin.display(description="GraphiQL and introspection", ordering="has_api")
    def exploring(self, obj: Plan) -> str:
        """Whether it has them."""
        return _included(is_included=obj.has_api)

    def get_readonly_fields(
        self,
        request: HttpRequest,  # noqa: ARG002  Django's signature
        obj: Model | None = None,
    ) -> tuple[str, ...]:
        """Businesses know their plan by its code."""
        return ("code",) if obj else ()

    def response_change(self, request: HttpRequest, obj: Model) -> HttpResponse:
        """The row is there for all to read: every business on it gets its numbers."""
        transaction.on_commit(follow_plans)
        return super().response_change(request, obj)

    def has_delete_permission(self, request: HttpRequest, obj: object = None) -> bool:  # noqa: ARG002  Django's signature
        """Refusals name plans, and businesses are on them."""
        return False


def _included(*, is_included: bool) -> str:
    return "included" if is_included else "not included"


@admin.register(User, site=site)
class OperatorAdmin(ReadOnly):
    """Operators of the platform; `manage.py create_operator` and `change_operator` write them."""

    ordering = ("email",)
    list_display = ("email", "is_active", "is_operator", "last_login")
    search_fields = ("email",)
    fields = list_display


@admin.register(JobPulse, site=site)
class JobPulseAdmin(ReadOnly):
    """Which job workers live; they write themselves."""

    list_display = ("worker", "seen_at")


@admin.register(Failure, site=site)
class FailedJobAdmin(ReadOnly):
    """Jobs that failed; without what is pickled, which may name people."""

    list_display = ("func", "attempt_count", "started", "stopped")
    list_filter = ("func",)
    fields = list_display

    def get_queryset(self, request: HttpRequest) -> QuerySet[Any]:
        """The rows without their pickles: reading those would run what they say."""
        found: QuerySet[Any] = super().get_queryset(request)
        return found.defer("args", "kwargs", "result")
