"""The operators' admin shows the models that are registered here by name, and no app's own."""

from typing import Any

from django.contrib.admin import AdminSite
from django.contrib.admin.forms import AdminAuthenticationForm
from django.http import HttpRequest, HttpResponse
from django.utils.functional import cached_property

from tenants.accounts.models import User
from tenants.operators.attempts import MINUTES, TRIES
from tenants.operators.known_browser import remember


class OperatorSignIn(AdminAuthenticationForm):
    """Says the same whatever was wrong, also when nothing was looked at any more."""

    error_messages = {
        **AdminAuthenticationForm.error_messages,
        "invalid_login": (
            "This is no operator's address and password, or there were"
            f" {TRIES} wrong tries within {MINUTES} minutes: then wait {MINUTES} minutes."
        ),
    }


class OperatorSite(AdminSite):
    """A site of its own: what apps register with Django's default one is not on it."""

    site_header = site_title = "Plusone"
    login_form = OperatorSignIn

    @cached_property
    def urls(self) -> Any:
        """The pages, without those that change a password (a command does)."""
        pages, app, name = super().urls
        return (
            [page for page in pages if "password" not in (getattr(page, "name", "") or "")],
            app,
            name,
        )

    def login(
        self, request: HttpRequest, extra_context: dict[str, Any] | None = None
    ) -> HttpResponse:
        """Django's page; it remembers the browser of an operator who has signed in."""
        answer = super().login(request, extra_context)
        if request.method == "POST" and isinstance(request.user, User):
            remember(answer, request.user.pk)
        return answer


site = OperatorSite(name="admin")
