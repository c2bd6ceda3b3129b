"""Which business a host name belongs to."""

import pytest
from django.db import connection
from django.test import Client
from django.test.utils import CaptureQueriesContext

from tenants import context, hosts
from tenants.models import Business, Domain

pytestmark = pytest.mark.django_db
UNKNOWN = [
    "",
    "nobody.localhost",
    "alpha",
    "localhost.alpha",
    "[::1]",
    "[::1]:80",
    "::1",
    "a" * 300,
]
UNKNOWN += ["alpha.localhost, beta.localhost", "älpha.localhost", "alpha.localhost\0", "%", "*"]
UNKNOWN += [
    "beta.localhost@nobody",
    "alpha.localhost/x",
    "alpha_localhost",
    "xn--lpha-loa.localhost",
]


@pytest.mark.parametrize(
    "host",
    [
        "alpha.localhost",
        "ALPHA.LocalHost",
        "alpha.localhost.",
        "alpha.localhost:8000",
        "alpha.localhost.:8000",
        " alpha.localhost ",
    ],
)
def test_a_known_host(host: str) -> None:
    found = hosts.business_on(host)
    assert found
    assert (found.schema, found.name, found.plan, found.has_api) == (
        "alpha",
        "Alpha Coffee",
        "network",
        True,
    )


@pytest.mark.parametrize("host", UNKNOWN)
def test_an_unknown_host(host: str) -> None:
    assert hosts.business_on(host) is None


@pytest.mark.parametrize(
    ("host", "name"),
    [("[::1]:8000", "::1"), ("[2001:DB8::1]", "2001:db8::1"), ("A.b.:1", "a.b"), ("x", "x")],
)
def test_clean(host: str, name: str) -> None:
    assert hosts.clean(host) == name


def test_a_host_is_remembered_until_told_otherwise() -> None:
    assert hosts.business_on("beta.localhost")
    with CaptureQueriesContext(connection) as sent:
        assert hosts.business_on("beta.localhost")
    assert not len(sent)
    with context.public():
        Business.objects.filter(schema_name="beta").update(name="Renamed")
    remembered = hosts.business_on("beta.localhost")
    assert remembered
    assert remembered.name == "Beta Coffee"
    hosts.forget()
    fresh = hosts.business_on("beta.localhost")
    assert fresh
    assert fresh.name == "Renamed"


def test_what_is_remembered_grows_old(monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setattr(hosts, "REMEMBERED_SECONDS", -1.0)
    assert hosts.business_on("beta.localhost")
    with context.public():
        Domain.objects.filter(domain="beta.localhost").delete()
    assert hosts.business_on("beta.localhost") is None


def test_unknown_hosts_fill_no_memory() -> None:
    for number in range(50):
        hosts.business_on(f"invented-{number}.localhost")
    assert not hosts._remembered  # noqa: SLF001  the memory itself is what is at stake


def test_a_new_host_answers_at_once() -> None:
    assert hosts.business_on("new.example") is None
    with context.public():
        beta = Business.objects.get(schema_name="beta")
        Domain.objects.create(domain="new.example", tenant=beta, is_primary=False)
    found = hosts.business_on("new.example")
    assert found
    # Links lead to the primary host, whichever one was asked.
    assert (found.schema, found.host) == ("beta", "beta.localhost")


@pytest.mark.parametrize("host", ["nobody.localhost", "[::1]", "alpha.localhost,beta.localhost"])
def test_pages_of_an_unknown_host_are_not_found(host: str) -> None:
    assert Client().get("/", headers={"Host": host}).status_code == 404


def test_forwarded_hosts_are_not_believed() -> None:
    forwarded = {"X-Forwarded-Host": "beta.localhost", "Forwarded": "host=beta.localhost"}
    for host, status in (("nobody.localhost", 404), ("alpha.localhost", 200)):
        answer = Client().get("/", headers={"Host": host, **forwarded})
        assert answer.status_code == status
        assert b"Beta" not in answer.content


def test_looking_up_leaves_the_business_of_the_caller() -> None:
    with context.business("beta"):
        hosts.business_on("alpha.localhost")
        assert context.current_schema() == "beta"
