"""The operators' admin: on the platform's own host, for operators alone."""

import pytest
from django.test import Client

from tenants import context
from tenants.accounts.models import User
from tenants.models import Business

pytestmark = pytest.mark.django_db
PASSWORD = "a long password of an operator"
LISTS = ["tenants/business", "tenants/plan", "tenants/jobpulse", "accounts/user"]


@pytest.fixture
def operator() -> Client:
    browser = Client(headers={"Host": "localhost"})
    with context.public():
        User.objects.create_user("op@example.com", PASSWORD, operator=True)
    form = {"username": "OP@example.com", "password": PASSWORD, "next": "/admin/"}
    assert browser.post("/admin/login/", form).status_code == 302
    return browser


@pytest.mark.parametrize("name", LISTS)
def test_lists(operator: Client, name: str) -> None:
    assert operator.get(f"/admin/{name}/").status_code == 200


def test_the_businesses_and_their_hosts(operator: Client) -> None:
    shown = operator.get("/admin/tenants/business/").content.decode()
    assert "Alpha Coffee" in shown
    assert "Beta Coffee" in shown
    with context.public():
        number = Business.objects.get(schema_name="beta").pk
    page = operator.get(f"/admin/tenants/business/{number}/change/").content.decode()
    assert "beta.localhost" in page
    assert 'name="schema_name"' not in page


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
