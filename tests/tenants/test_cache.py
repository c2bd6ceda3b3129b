"""A cache never answers one business with another's data."""

import pytest
from django.core.cache import cache

from tenants import context
from tenants.context import NoBusinessError
from tests.harness.threads import in_thread


@pytest.fixture(autouse=True)
def _empty() -> None:
    cache.clear()


def test_one_key_is_another_in_each_business() -> None:
    for schema in ("alpha", "beta"):
        with context.business(schema):
            cache.set("k", f"canary of {schema}")
    for schema in ("alpha", "beta"):
        with context.business(schema):
            assert cache.get("k") == f"canary of {schema}"
            assert cache.get_many(["k"]) == {"k": f"canary of {schema}"}
    with context.public():
        assert cache.get("k") is None


def test_deleting_and_counting_stay_inside() -> None:
    with context.business("beta"):
        cache.set("n", 1)
    assert not cache.delete("n")
    assert cache.add("n", 5)
    assert cache.incr("n") == 6
    with context.business("beta"):
        assert cache.get("n") == 1


def test_a_key_cannot_reach_over() -> None:
    with context.business("beta"):
        cache.set("k", "canary")
    for key in ("beta::1:k", ":beta::1:k", "../beta::1:k"):
        assert cache.get(key) is None


def test_without_business_there_is_no_cache() -> None:
    for use in (lambda: cache.get("k"), lambda: cache.set("k", 1), lambda: cache.delete("k")):
        with pytest.raises(NoBusinessError):
            in_thread(use)
