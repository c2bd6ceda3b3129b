"""The review job run by run: bounded, late lines included, cheap where nothing is new."""

import sys
import time
from collections.abc import Callable
from datetime import timedelta
from pathlib import Path

import pytest
from django.db import connection
from django.test.utils import CaptureQueriesContext

from loyalty.base import tokens
from loyalty.db.roundtrip import database_now
from loyalty.findings.facts import is_there_news
from loyalty.findings.find_anomalies import find_anomalies
from loyalty.models import Anomaly, Event, ReviewMark
from tenants import context
from tests.factories import people
from tests.factories.history import importing, stamp_spend
from tests.factories.sales import made, sold

pytestmark = pytest.mark.django_db
Move = Callable[[timedelta], None]


def kinds() -> list[str]:
    return list(Anomaly.objects.order_by("id").values_list("kind", flat=True))


def test_a_run_is_bounded_and_the_next_one_goes_on(move_clock: Move) -> None:
    for hour in range(6):
        move_clock(timedelta(hours=hour))
        sold()
    marks = []
    for _ in range(4):
        find_anomalies(most_events=4)
        marks.append(ReviewMark.objects.get().event_id)
    assert marks[:3] == list(Event.objects.order_by("id").values_list("id", flat=True))[3::4]
    assert marks[3] == marks[2]
    assert kinds() == ["often"]


def test_a_line_that_was_committed_late_is_still_read(move_clock: Move) -> None:
    for hour in range(5):
        move_clock(timedelta(hours=hour))
        sold()
    sold()
    # The last collect's line was not to be seen yet when the mark passed it.
    last = Event.objects.order_by("-id")[0]
    ReviewMark.objects.create(id=1, event_id=last.pk + 1)
    assert find_anomalies() == 0
    move_clock(timedelta(hours=4, minutes=1))
    made()
    assert find_anomalies() == 1


def test_nothing_new_costs_one_statement() -> None:
    for _ in range(6):
        sold()
    find_anomalies()
    with CaptureQueriesContext(connection) as sent:
        assert find_anomalies() == 0
    assert len(sent) <= 1


def test_each_business_has_its_own_list() -> None:
    for _ in range(6):
        sold()
    with context.business("beta"):
        people.customer("ann@alpha.example")
        assert find_anomalies() == 0
        assert not Anomaly.objects.exists()
    assert find_anomalies() == 1
    with context.business("beta"):
        assert find_anomalies() == 0
        assert not Anomaly.objects.exists()


def test_ten_thousand_lines_are_read_in_less_than_two_seconds(
    capsys: pytest.CaptureFixture[str],
) -> None:
    sold()
    session = Event.objects.get(kind="collected").session_id or 0
    _many(session, 5_000)
    seconds = min(_seconds_of_a_run() for _ in range(3))
    with capsys.disabled():
        sys.stdout.write(f" [10,000 lines in {seconds:.2f} s] ")
    assert seconds < 2


def test_what_was_imported_is_no_news(tmp_path: Path) -> None:
    importing(tmp_path, "email,date,amount\na@x.example,2024-01-01,60", stamp_spend())
    assert Event.objects.filter(kind="collected").exists()
    assert not is_there_news()


def test_the_review_reads_on_past_a_large_import(capsys: pytest.CaptureFixture[str]) -> None:
    # All of it lies within the two minutes before the mark that each run looks at again.
    _imported(60_000)
    seconds = []
    for sales in range(3):
        for _ in range(2):
            sold()
        start = time.perf_counter()
        find_anomalies()
        seconds.append(time.perf_counter() - start)
        assert not is_there_news()
        # The third pair is the sixth sale.
        assert kinds() == (["often"] if sales == 2 else [])
    with capsys.disabled():
        sys.stdout.write(f" [beside 60,000 lines: {max(seconds):.2f} s] ")
    assert min(seconds) < 0.2


def _imported(count: int) -> None:
    with connection.cursor() as cursor:
        cursor.execute(
            "INSERT INTO loyalty_event (id, kind, at, session_id, card_id, card_version, units,"
            " points, details, customer_id) SELECT %s + n * 2000, 'collected', '2024-01-01',"
            ' n, n / 3, n %% 3, 1, 0, \'{"origin": "import"}\', n / 3'
            " FROM generate_series(1, %s) n",
            [tokens.ordered_id(database_now(), random=0), count],
        )


def _seconds_of_a_run() -> float:
    ReviewMark.objects.update(event_id=0)
    start = time.perf_counter()
    find_anomalies()
    assert ReviewMark.objects.get().event_id == Event.objects.order_by("-id")[0].pk
    return time.perf_counter() - start


def _many(session: int, count: int) -> None:
    """Codes and collects of a busy day: 500 cards, three staff members."""
    with connection.cursor() as cursor:
        cursor.execute(
            "INSERT INTO loyalty_earnsession (id, token_salt, token_digest, location_id, staff_id,"
            " program_id, version_id, units, points, policy, status, created_at, expires_at,"
            " collected_at, outcome)"
            " SELECT s.id + n, token_salt, sha256(n::text::bytea), location_id, 1 + n %% 3,"
            " program_id, version_id, units, points, policy, status,"
            " created_at + n * interval '6 s', expires_at, collected_at, outcome"
            " FROM loyalty_earnsession s, generate_series(1, %s) n WHERE s.id = %s",
            [count, session],
        )
        for kind in ("minted", "collected"):
            cursor.execute(
                "INSERT INTO loyalty_event (id, kind, at, location_id, staff_id, session_id,"
                " card_id, version_id, units, points, details, customer_id)"
                " SELECT e.id + n * 6000::bigint * (1 << 21), kind, at + n * interval '6 s',"
                " location_id, 1 + n %% 3, session_id + n, card_id + n %% 500, version_id, units,"
                " points, details, customer_id"
                " FROM loyalty_event e, generate_series(1, %s) n"
                " WHERE e.session_id = %s AND e.kind = %s",
                [count, session, kind],
            )
