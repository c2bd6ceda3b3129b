"""The database's sum for ids is the product's own."""

from datetime import UTC, datetime, timedelta

import pytest
from django.db import connection

from loyalty import tokens
from loyalty.queries import unsealed


def test_ids_lie_as_far_apart_as_their_moments() -> None:
    now = datetime(2026, 3, 1, tzinfo=UTC)
    then = tokens.ordered_id(now + timedelta(minutes=10), random=5)
    assert then - tokens.ordered_id(now, random=5) == tokens.id_distance(timedelta(minutes=10))


@pytest.mark.django_db
def test_the_database_reckons_the_id_of_now() -> None:
    expression = unsealed.NEWEST_ID.replace("upper(span)", f"{2**63 - 1}")
    with connection.cursor() as cursor:
        cursor.execute(f"SELECT {expression}, public.plusone_clock()")
        found, now = cursor.fetchone()
    wanted = tokens.ordered_id(now, random=0)
    assert 0 <= wanted - found < tokens.id_distance(timedelta(seconds=1))
