"""Who is ahead: by nickname alone, per calendar period, and only where the owner wants it."""

from datetime import datetime, timedelta
from zoneinfo import ZoneInfo

import pytest

from loyalty.base.calendar import day_of, start_of
from loyalty.base.values import CustomerActor, Role
from loyalty.models import Customer, EarnSession, Settings
from loyalty.people.leaderboard import Period, leaderboard
from loyalty.people.set_nickname import set_nickname
from loyalty.switches import Switches
from tenants import context
from tests.factories import people
from tests.factories.campaigns import DAY, Move, now, published, visit
from tests.factories.people import OWNER, as_customer
from tests.harness.asking import told

pytestmark = pytest.mark.django_db
READ = """query($period: LeaderboardPeriod!, $first: Int!) {
  leaderboard(period: $period, first: $first) { rank nickname points isMe } }"""


@pytest.fixture(autouse=True)
def _where_it_is_on(move_clock: Move) -> None:
    move_clock(timedelta(0))
    Settings.objects.update(has_leaderboard=True)


def crowd(**points: int) -> dict[str, int]:
    """Customers with nicknames and one visit each that gave so many points; their ids."""
    program = published(Switches(points=1))
    for name, given in points.items():
        people.customer(f"{name}@alpha.example")
        set_nickname(name, actor=as_customer(f"{name}@alpha.example"))
        outcome = visit(program, name)
        EarnSession.objects.filter(pk=outcome.session_id).update(points_given=given)
    return {name: as_customer(f"{name}@alpha.example").id for name in points}


def ranks(period: Period = Period.ALL, first: int = 10) -> list[tuple[int, str, int]]:
    found = leaderboard(period, first=first, actor=OWNER)
    assert found is not None
    return [(each.rank, each.nickname, each.points) for each in found]


def test_the_most_points_first_and_ties_share_a_rank() -> None:
    ids = crowd(dora=5, carl=9, bert=9, anna=3)
    assert ranks() == [(1, "bert", 9), (1, "carl", 9), (3, "dora", 5), (4, "anna", 3)]
    assert ranks(first=2) == [(1, "bert", 9), (1, "carl", 9)]
    mine = leaderboard(Period.ALL, first=10, actor=CustomerActor(ids["dora"]))
    assert mine is not None
    assert [each.nickname for each in mine if each.is_me] == ["dora"]


def test_nobody_without_a_nickname_or_points() -> None:
    crowd(anna=3, zero=0)
    visit(published(Switches(points=50), name="Dinner"), "bob")
    assert ranks() == [(1, "anna", 3)]
    set_nickname("", actor=as_customer("anna@alpha.example"))
    assert ranks() == []


def test_visits_that_were_taken_back_do_not_count() -> None:
    crowd(anna=3)
    EarnSession.objects.update(status="voided")
    assert ranks() == []


def begins(period: Period) -> datetime:
    today = day_of(now(), "Europe/Berlin")
    first = {
        Period.WEEK: today - today.weekday() * DAY,
        Period.MONTH: today.replace(day=1),
        Period.YEAR: today.replace(month=1, day=1),
    }[period]
    return start_of(first, "Europe/Berlin")


@pytest.mark.parametrize("period", [Period.WEEK, Period.MONTH, Period.YEAR])
def test_periods_begin_at_midnight_of_the_first_location(period: Period) -> None:
    crowd(anna=3)
    start = begins(period)
    assert start.astimezone(ZoneInfo("Europe/Berlin")).hour == 0
    EarnSession.objects.update(collected_at=start)
    assert ranks(period) == [(1, "anna", 3)]
    EarnSession.objects.update(collected_at=start - timedelta(microseconds=1))
    assert ranks(period) == []
    assert ranks() == [(1, "anna", 3)]


def test_off_is_nothing_at_all() -> None:
    crowd(anna=3)
    Settings.objects.update(has_leaderboard=False)
    assert leaderboard(Period.ALL, first=10, actor=OWNER) is None


def test_over_the_api() -> None:
    crowd(anna=3, bert=4)
    for token in (people.staff(Role.STAFF).token, people.customer("ann@alpha.example").token):
        found = told(READ, token=token, period="MONTH", first=10).data
        assert found == [
            {"rank": 1, "nickname": "bert", "points": 4, "isMe": False},
            {"rank": 2, "nickname": "anna", "points": 3, "isMe": False},
        ]
    mine = people.customer("anna@alpha.example").token
    assert told(READ, token=mine, period="ALL", first=10).data[1]["isMe"] is True
    assert told(READ, token=mine, period="WEEK", first=0).codes == {"LIMIT_EXCEEDED"}
    assert told(READ, token=mine, period="WEEK", first=101).codes == {"LIMIT_EXCEEDED"}
    Settings.objects.update(has_leaderboard=False)
    off = told(READ, token=mine, period="ALL", first=10)
    assert (off.data, off.codes) == (None, set())


def test_nobody_else() -> None:
    crowd(anna=3)
    assert told(READ, token=None, period="ALL", first=1).codes == {"UNAUTHENTICATED"}
    with context.business("beta"):
        Settings.objects.update(has_leaderboard=True)
        other = people.customer("ann@beta.example").token
        assert told(READ, token=other, period="ALL", first=1).data == []
    assert told(READ, token=other, period="ALL", first=1).codes == {"UNAUTHENTICATED"}
    assert Customer.objects.filter(nickname="anna").exists()
