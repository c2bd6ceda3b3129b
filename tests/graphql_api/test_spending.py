"""What one operation may use up: values in its answer, and seconds."""

import json
from pathlib import Path
from typing import Any

import pytest
from django.test import Client
from pytest_django import Settings

from graphql_api import spending
from loyalty.base.values import Role
from loyalty.models import Location
from tenants.hosts import business_on
from tests.factories import people
from tests.factories.findings import everything
from tests.factories.operations import COLLECT
from tests.factories.sales import made
from tests.harness.asking import told
from tests.harness.trips import round_trips

pytestmark = pytest.mark.usefixtures("db", "_known_host")
PLACES = "{ locations(first: 100) { edges { node { id name timeZone } } } }"
# Of a row: itself, the node, and what stands in it.
_VALUES = 5


@pytest.fixture(autouse=True)
def _collected_files(settings: Settings, tmp_path: Path) -> None:
    """Nobody has collected static files here, and WhiteNoise would warn about it."""
    settings.STATIC_ROOT = tmp_path


def _posted(query: str, token: str | None, **variables: Any) -> Any:
    bearer = {"Authorization": f"Bearer {token}"} if token else {}
    return Client().post(
        "/graphql",
        json.dumps({"query": query, "variables": variables}),
        content_type="application/json",
        headers={"Host": "alpha.localhost:8000", **bearer},
    )


@pytest.fixture
def _known_host(db: None, business: str) -> None:  # noqa: ARG001  it is looked up there
    """What the process remembers of hosts costs no statement."""
    assert business_on(f"{business}.localhost")
    assert Location.objects.exists()


def test_what_is_there_is_counted_and_no_more(monkeypatch: pytest.MonkeyPatch) -> None:
    rows = Location.objects.count() + 9
    for number in range(9):
        Location.objects.create(name=f"Branch {number}", time_zone="UTC")
    monkeypatch.setattr(spending, "MOST_VALUES", rows * _VALUES)
    assert not told(PLACES, token=None).codes
    monkeypatch.setattr(spending, "MOST_VALUES", rows * _VALUES - 1)
    assert told(PLACES, token=None).codes == {"LIMIT_EXCEEDED"}


def test_an_alias_counts_again_though_it_is_not_read_again(monkeypatch: pytest.MonkeyPatch) -> None:
    once, twice = PLACES, PLACES.replace("{ loc", "{ a: loc")[:-1] + PLACES[1:]
    with round_trips() as few:
        assert not told(once, token=None).codes
    with round_trips() as many:
        assert not told(twice, token=None).codes
    assert len(many) == len(few)
    monkeypatch.setattr(spending, "MOST_VALUES", Location.objects.count() * _VALUES)
    assert not told(once, token=None).codes
    assert told(twice, token=None).codes == {"LIMIT_EXCEEDED"}


def test_a_bad_token_is_looked_up_once() -> None:
    with round_trips() as few:
        assert told("{ me { __typename } }", token="nope").codes == {"UNAUTHENTICATED"}
    asked = " ".join(f"a{n}: me {{ __typename }}" for n in range(15))
    with round_trips() as many:
        assert told(f"{{ {asked} }}", token="nope").codes == {"UNAUTHENTICATED"}
    assert len(many) == len(few)


def test_time_is_up(settings: Settings) -> None:
    settings.REQUEST_SECONDS = 0
    answer = _posted(PLACES, people.staff(Role.OWNER).token)
    assert (answer.status_code, answer["Retry-After"]) == (503, "2")
    found = json.loads(answer.content)
    assert found.get("data") is None
    (error,) = found["errors"]
    assert error["extensions"]["code"] == "TIMEOUT"


def test_nothing_is_written_when_time_is_up(settings: Settings) -> None:
    _, token = made()
    ann, before = people.customer("ann@alpha.example").token, everything()
    settings.REQUEST_SECONDS = 0
    answer = _posted(COLLECT, ann, input={"token": token})
    assert json.loads(answer.content)["errors"][0]["extensions"]["code"] == "TIMEOUT"
    assert everything() == before
    settings.REQUEST_SECONDS = 5
    answer = _posted(COLLECT, ann, input={"token": token})
    assert json.loads(answer.content)["data"]["collect"]["__typename"] == "Collected"


def test_strangers_have_less_time(settings: Settings) -> None:
    settings.ANONYMOUS_SECONDS = 0
    assert _posted(PLACES, None).status_code == 503
    assert _posted(PLACES, people.staff(Role.OWNER).token).status_code == 200
