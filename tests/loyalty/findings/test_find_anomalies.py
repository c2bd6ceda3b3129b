"""The review job: each remarkable thing once, from what people really did."""

from collections.abc import Callable
from datetime import timedelta
from typing import Any
from zoneinfo import ZoneInfo

import pytest

from loyalty.base.errors import CodeUnknown
from loyalty.base.values import Role
from loyalty.db.roundtrip import database_now
from loyalty.findings.find_anomalies import find_anomalies
from loyalty.findings.review_log import ReviewLimits
from loyalty.models import Anomaly, Card, Customer, Level, Location, Settings
from loyalty.redeeming.preview_redemption import RedemptionSelector, preview_redemption
from loyalty.undoing.void_session import void_session
from tests.factories.people import as_staff, place
from tests.factories.sales import IP, made, redeemed, sold

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
    now = database_now()
    hour = now.astimezone(ZoneInfo("Europe/Berlin")).hour
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
    limits = ReviewLimits(volume=10)
    sessions = [made()[0] for _ in range(11)]
    assert find_anomalies(limits=limits) == 1
    row = found("volume")
    assert row.evidence == {"count": 11, "minutes": 60, "sessions": sessions}
    assert made()[1]
    # Once a day is enough.
    assert find_anomalies(limits=limits) == 0


def test_one_finding_names_fifty_sessions_and_another_the_rest() -> None:
    sessions = [sold() for _ in range(53)]
    assert find_anomalies() == 2
    first, second = Anomaly.objects.order_by("id")
    assert first.evidence["sessions"] == sessions[:50]
    assert second.evidence == {"count": 3, "minutes": 1_440, "sessions": sessions[50:]}
    assert find_anomalies() == 0
    sessions.append(sold())
    assert find_anomalies() == 1
    second.refresh_from_db()
    assert second.evidence["sessions"] == sessions[50:]


def test_a_closure_of_pin_entry() -> None:
    which, here = RedemptionSelector(pin="0000", program_id=place().program_id), place().location_id
    for _ in range(5):
        with pytest.raises(CodeUnknown):
            preview_redemption(which, location_id=here, actor=as_staff(), ip=IP, token_key="k")
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
