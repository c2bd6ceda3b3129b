"""The operators' admin: on the platform's own host, for operators alone, our models alone."""

import json
import re
from html import unescape

import pytest
from django.conf import settings
from django.contrib.staticfiles import finders
from django.db.models import BooleanField
from django.http import HttpRequest
from django.test import Client
from django.utils import timezone
from django_q.models import Task
from pytest_django import Settings

from config.files import StaticFiles
from tenants import context
from tenants.accounts.models import User
from tenants.models import Business
from tenants.operators.site import site
from tenants.origins import check_origins
from tests.harness.acting import as_job_worker, as_owner

pytestmark = pytest.mark.django_db
PASSWORD = "a long password of an operator"
# All that operators see; somebody who adds a model decides here whether it may be written.
WRITTEN = {"tenants/business", "tenants/plan"}
SHOWN = {"tenants/jobpulse", "accounts/user", "django_q/failure"}
LISTS = sorted(WRITTEN | SHOWN)
# Columns that show a mark, which is red where the answer is no.
GOOD = {"is_open", "is_active", "is_operator"}


@pytest.fixture
def operator() -> Client:
    browser = Client(headers={"Host": "localhost"})
    with context.public(), as_owner():
        User.objects.create_user("op@example.com", PASSWORD, operator=True)
    form = {"username": "OP@example.com", "password": PASSWORD, "next": "/admin/"}
    assert browser.post("/admin/login/", form).status_code == 302
    return browser


@pytest.mark.parametrize("name", LISTS)
def test_lists(operator: Client, name: str) -> None:
    assert operator.get(f"/admin/{name}/").status_code == 200


def test_these_models_and_no_others() -> None:
    registered = {model._meta for model in site._registry}  # noqa: SLF001  Django has no other way
    assert {f"{meta.app_label}/{meta.model_name}" for meta in registered} == WRITTEN | SHOWN


def test_an_operator_sees_no_others(operator: Client) -> None:
    page = operator.get("/admin/").content.decode()
    linked = {link.partition('"')[0] for link in page.split('href="/admin/')[1:]}
    assert {link.removesuffix("/") for link in linked if link.count("/") == 2} == WRITTEN | SHOWN
    for name in ("django_q/schedule", "django_q/ormq", "django_q/success", "auth/group"):
        assert operator.get(f"/admin/{name}/").status_code == 404
        assert operator.get(f"/admin/{name}/add/").status_code == 404


@pytest.mark.parametrize("name", sorted(SHOWN))
def test_what_is_shown_is_not_written(operator: Client, name: str) -> None:
    assert operator.get(f"/admin/{name}/add/").status_code == 403
    assert operator.post(f"/admin/{name}/add/", {"email": "x@example.com"}).status_code == 403
    page = operator.get(f"/admin/{name}/").content.decode()
    assert "delete_selected" not in page


def test_operators_are_not_changed_here(operator: Client) -> None:
    with context.public():
        before = User.objects.get()
        form = {"email": "other@example.com", "is_operator": "on", "password": "x"}
        for path in (f"{before.pk}/change/", f"{before.pk}/delete/"):
            assert operator.post(f"/admin/accounts/user/{path}", form).status_code == 403
        # Addresses of Django's own page for accounts lead nowhere.
        gone = operator.get(f"/admin/accounts/user/{before.pk}/password/", follow=True)
        assert "new_password1" not in gone.content.decode()
        assert operator.post("/admin/password_change/", form).status_code == 404
        assert operator.get(f"/admin/accounts/user/{before.pk}/change/").status_code == 200
        assert User.objects.get().password == before.password


def test_a_failed_job_is_shown_without_its_pickles(operator: Client) -> None:
    with as_job_worker(), context.public():
        now = timezone.now()
        texts = {"args": ("canary",), "kwargs": {"x": "canary"}, "result": "canary"}
        names = {"id": "3" * 32, "name": "x", "func": "loyalty.jobs.warn_due"}
        Task.objects.create(**names, **texts, started=now, stopped=now, success=False)
    for path in ("", f"{'3' * 32}/change/"):
        page = operator.get(f"/admin/django_q/failure/{path}").content.decode()
        assert "loyalty.jobs.warn_due" in page
        assert "canary" not in page


def test_only_on_a_host_that_somebody_named(operator: Client, settings: Settings) -> None:
    settings.OPERATOR_HOSTS = []
    for path in ("/admin/", "/admin/login/", "/admin/tenants/plan/", "/admin/jsi18n/"):
        assert operator.get(path).status_code == 404
    assert operator.get("/").status_code == 200
    settings.PUBLIC_HOSTS = ["localhost", "plusone.example"]
    settings.OPERATOR_HOSTS = ["plusone.example"]
    assert operator.get("/admin/").status_code == 404
    assert operator.get("/admin/", headers={"Host": "plusone.example"}).status_code == 200


def test_the_businesses_and_their_hosts(operator: Client) -> None:
    shown = operator.get("/admin/tenants/business/").content.decode()
    assert "Alpha Coffee" in shown
    assert "Beta Coffee" in shown
    with context.public():
        number = Business.objects.get(schema_name="beta").pk
    page = operator.get(f"/admin/tenants/business/{number}/change/").content.decode()
    assert "beta.localhost" in page
    assert 'name="schema_name"' not in page


@pytest.mark.parametrize("name", LISTS)
def test_a_red_mark_is_bad_news(operator: Client, name: str) -> None:
    """A list's column with marks says something that is good when it is so."""
    (model,) = (each for each in site._registry if each._meta.label_lower == name.replace("/", "."))  # noqa: SLF001  Django has no other way
    shown = site.get_model_admin(model)
    for column in map(str, shown.get_list_display(HttpRequest())):
        field = getattr(shown, column, None)
        if field is not None:
            is_marked = getattr(field, "boolean", False)
        else:
            is_marked = isinstance(model._meta.get_field(column), BooleanField)  # noqa: SLF001  the same
        assert not is_marked or column in GOOD, column
    if name == "tenants/business":
        page = operator.get(f"/admin/{name}/").text
        assert ">Open<" in page
        assert "icon-no" not in page
        with context.public():
            Business.objects.filter(schema_name="beta").update(is_suspended=True)
        assert operator.get(f"/admin/{name}/").text.count("icon-no") == 1


def test_origins_say_what_to_write(operator: Client) -> None:
    with context.public():
        number = Business.objects.get(schema_name="beta").pk
    page = operator.get(f"/admin/tenants/business/{number}/change/").text
    help_text = unescape(page.partition('id="id_origins_helptext"')[2].partition("</div>")[0])
    assert '["https://shop.example", "http://localhost:3000"]' in help_text
    # What it says can be written.
    written = help_text[help_text.index("[") : help_text.index("]") + 1]
    check_origins(json.loads(written))


def test_no_page_leads_to_nothing(operator: Client) -> None:
    """What the admin's pages and the platform's show, and where they lead, is there."""
    seen, waiting = set[str](), ["/", "/admin/", "/admin/login/"]
    while waiting:
        path = waiting.pop()
        if path.startswith(settings.STATIC_URL):
            assert finders.find(path.removeprefix(settings.STATIC_URL)), path
            continue
        answer = operator.get(path)
        assert answer.status_code in {200, 302}, path
        found = re.findall(r'(?:href|src)="(/[^"#?]*)', answer.text)
        new = {unescape(each) for each in found} - seen - {"/admin/logout/"}
        seen |= new
        waiting += sorted(new)
    assert any(path.startswith("/static/admin/") for path in seen)
    assert "/admin/tenants/plan/free/change/" in seen
    # Whatever a page says, browsers ask every host for this one.
    assert StaticFiles().has("/favicon.ico")


def test_businesses_are_neither_added_nor_deleted(operator: Client) -> None:
    with context.public():
        number = Business.objects.get(schema_name="beta").pk
    for path in ("add/", f"{number}/delete/"):
        assert operator.get(f"/admin/tenants/business/{path}").status_code == 403
        assert operator.post(f"/admin/tenants/business/{path}", {"post": "yes"}).status_code == 403
    chosen = {"action": "delete_selected", "_selected_action": [number], "post": "yes"}
    operator.post("/admin/tenants/business/", chosen)
    with context.public():
        assert Business.objects.filter(pk=number).exists()


def test_nobody_else_gets_in() -> None:
    browser = Client(headers={"Host": "localhost"})
    # The owner of a business is nobody on the platform.
    form = {"username": "owner@alpha.example", "password": "correct horse battery"}
    assert browser.post("/admin/login/", form).status_code == 200
    assert browser.get("/admin/tenants/business/").status_code == 302


def test_a_businesss_host_has_no_admin(operator: Client) -> None:
    for path in ("/admin/", "/admin/login/", "/admin/tenants/business/"):
        assert operator.get(path, headers={"Host": "alpha.localhost"}).status_code == 404
