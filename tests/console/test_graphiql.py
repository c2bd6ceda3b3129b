"""GET /graphql in a browser."""

import pytest
from django.test import Client

from loyalty.base.values import Role
from tenants import context
from tests.console.conftest import NewBrowser
from tests.factories import people

pytestmark = pytest.mark.django_db


def test_only_this_page_loosens_the_policy_and_only_for_styles(new_browser: NewBrowser) -> None:
    manager = new_browser(token=people.staff(Role.MANAGER).token)
    answer = manager.get("/graphql")
    policy = dict(
        part.strip().split(" ", 1) for part in answer["Content-Security-Policy"].split(";")
    )
    assert policy["style-src"] == "'self' 'unsafe-inline'"
    assert policy["font-src"] == "'self' data:"
    assert policy["script-src"] == "'self'"
    assert 'data-csrf="' in answer.text
    assert "unsafe" not in manager.get("/staff")["Content-Security-Policy"]


def test_who_does_not_get_it(
    anybody: Client, ann: Client, staff: Client, new_browser: NewBrowser
) -> None:
    assert anybody.get("/graphql")["Location"] == "/sign-in?next=/graphql"
    for browser in (ann, staff):
        answer = browser.get("/graphql")
        assert answer.status_code == 403
        assert "GraphiQL is for owners and managers" in answer.text
    with context.business(people.BETA):
        owner = new_browser(token=people.staff(Role.OWNER).token, host="beta.localhost")
    answer = owner.get("/graphql")
    assert answer.status_code == 403
    assert "Your plan does not include GraphiQL and introspection" in answer.text
    assert "The lowest plan with them is Network" in answer.text
