"""The review job: each remarkable thing once, from what people really did."""

import sys
import time
from collections.abc import Callable
from datetime import timedelta
from typing import Any
from zoneinfo import ZoneInfo

import pytest
from django.db import connection
from django.test.utils import CaptureQueriesContext

from loyalty.actions.find_anomalies import find_anomalies
from loyalty.actions.preview_redemption import Selector, preview_redemption
from loyalty.actions.void_session import void_session
from loyalty.errors import CodeUnknown
from loyalty.models import Anomaly, Card, Customer, Event, Level, Location, ReviewMark, Settings
from loyalty.rules.review_log import Limits
from loyalty.trip import clock, trip
from loyalty.values import Role
from tenants import context
from tests import people
from tests.people import as_staff, place
from tests.sales import IP, made, redeemed, sold

pytestmark = pytest.mark.django_db
Move = Callable[[timedelta], None]


def found(kind: str) -> Anomaly:
    return Anomaly.objects.get(kind=kind)


def kinds() -> list[str]:
    return list(Anomaly.objects.order_by("id").values_list("kind", flat=True))


def rows() -> list[Any]:
    return list(Anomaly.objects.order_by("id").values())


def test_the_same_card_and_staff_too_often(move_clock: Move) -> None:
    sessions = []
    for hour in range(6):
        move_clock(timedelta(hours=hour))
        sessions.append(sold())
        find_anomalies()
    card = Card.objects.get()
    assert kinds() == ["often"]
    row = found("often")
    assert row.evidence == {"count": 6, "minutes": 1_440, "sessions": sessions}
    assert (row.card_id, row.staff_id, row.location_id, row.program_id) == (
        card.pk,
        as_staff().id,
        place().location_id,
        place().program_id,
    )
    assert (row.status, row.version) == ("open", 1)
    before = rows()
    assert find_anomalies() == 0
    assert rows() == before


def test_more_evidence_joins_what_is_open(move_clock: Move) -> None:
    sessions = [sold() for _ in range(6)]
    assert find_anomalies() == 1
    move_clock(timedelta(hours=1))
    sessions.append(sold())
    assert find_anomalies() == 1
    row = found("often")
    assert (row.version, row.evidence["sessions"], row.evidence["count"]) == (2, sessions, 7)


def test_five_of_one_person_and_five_of_another_are_ordinary() -> None:
    for role in (Role.STAFF, Role.MANAGER):
        for _ in range(5):
            sold(role=role)
    assert find_anomalies() == 0
    assert kinds() == []


def test_what_was_taken_back_does_not_count() -> None:
    sessions = [sold() for _ in range(6)]
    void_session(sessions[0], actor=as_staff(), reason=None)
    assert find_anomalies() == 0


def test_a_burst_before_a_bonus_is_given(move_clock: Move) -> None:
    sold()
    sold()
    move_clock(timedelta(hours=1))
    sessions = [sold() for _ in range(3)]
    redemption = redeemed(Card.objects.get())
    assert find_anomalies() == 1
    row = found("burst")
    assert row.subject == f"burst:{redemption}"
    assert row.evidence["sessions"] == sessions


def test_scans_outside_the_opening_hours() -> None:
    now = clock()
    trip(now)
    hour = now.only.astimezone(ZoneInfo("Europe/Berlin")).hour
    opens, closes = (f"{(hour + more) % 24:02d}:00" for more in (2, 4))
    Location.objects.update(opening_hours={str(day): [[opens, closes]] for day in range(7)})
    sessions = [sold(), sold(email="bob@alpha.example")]
    assert find_anomalies() == 1
    row = found("hours")
    assert row.evidence == {"count": 2, "sessions": sessions}
    assert (row.location_id, row.staff_id, row.card_id) == (
        place().location_id,
        as_staff().id,
        None,
    )


def test_volume_is_a_flag_and_holds_nothing_back() -> None:
    limits = Limits(volume=10)
    sessions = [made()[0] for _ in range(11)]
    assert find_anomalies(limits=limits) == 1
    row = found("volume")
    assert row.evidence == {"count": 11, "minutes": 60, "sessions": sessions}
    assert made()[1]
    # Once a day is enough.
    assert find_anomalies(limits=limits) == 0


def test_a_closure_of_pin_entry() -> None:
    which = Selector(pin="0000", program_id=place().program_id)
    for _ in range(5):
        with pytest.raises(CodeUnknown):
            preview_redemption(which, location_id=place().location_id, actor=as_staff(), ip=IP)
    assert find_anomalies() == 1
    row = found("pin_closed")
    assert row.evidence == {"wrong": 5, "of_program": 0, "sessions": []}
    assert (row.staff_id, row.program_id) == (as_staff().id, place().program_id)


def test_a_held_level() -> None:
    Level.objects.create(name="Silver", threshold=1)
    Settings.objects.update(level_most_rises=0)
    sessions = [sold(preset_id=place().preset_id) for _ in range(2)]
    assert Customer.objects.filter(level_held_at__isnull=False).count() == 1
    assert find_anomalies() == 1
    row = found("level_held")
    assert row.evidence["sessions"] == sessions
    assert row.customer_id == Card.objects.values_list("customer_id", flat=True).get()


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
