"""Work for every business: one that fails keeps no other from its own."""

import logging

import pytest

from loyalty.models import Location
from tenants import context
from tenants.each_business import each_business, schemas

pytestmark = pytest.mark.django_db


def test_each_runs_inside_its_own() -> None:
    seen = {}

    def work(schema: str) -> None:
        seen[schema] = (context.current_schema(), Location.objects.get().name)

    sweep = each_business(work)
    assert seen == {"alpha": ("alpha", "Alpha Coffee"), "beta": ("beta", "Beta Coffee")}
    assert (sweep.done, sweep.failed) == (["alpha", "beta"], {})
    assert context.current_schema() == "alpha"


def test_one_that_fails(caplog: pytest.LogCaptureFixture) -> None:
    def work(schema: str) -> None:
        if schema == "alpha":
            raise LookupError("canary")

    with caplog.at_level(logging.ERROR):
        sweep = each_business(work)
    assert sweep.done == ["beta"]
    assert isinstance(sweep.failed["alpha"], LookupError)
    assert "alpha: LookupError" in caplog.text
    assert "canary" not in caplog.text


def test_the_template_is_no_business() -> None:
    assert schemas() == ["alpha", "beta"]
    sweep = each_business(str.upper, among=["beta"])
    assert sweep.done == ["beta"]
