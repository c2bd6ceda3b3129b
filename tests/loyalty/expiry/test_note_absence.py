"""Who stays away is told of once, until the next visit."""

from datetime import datetime, timedelta

import pytest
from django_q.models import OrmQ

from config.jobs import absences_all
from loyalty import jobs
from loyalty.base.values import Role
from loyalty.expiry.note_absence import note_absence
from loyalty.models import Card, Customer, EarnSession, Event, Program, Settings
from tenants import context
from tests.factories import people
from tests.factories.campaigns import DAY, Move, visit
from tests.factories.people import as_customer, place
from tests.harness.asking import told

pytestmark = pytest.mark.django_db
LIST = """query($first: Int, $after: String) { absences(first: $first, after: $after) {
  edges { cursor node { customerId cardId lastVisitAt absentSince days visits } }
  pageInfo { hasNextPage } } }"""
NODE = "query($id: ID!) { node(id: $id) { id } }"


def program() -> Program:
    return Program.objects.get(pk=place().program_id)


def events() -> list[Event]:
    return list(Event.objects.filter(kind="absent").order_by("id"))


def daily() -> None:
    absences_all()
    with context.public():
        waiting = [each.task["business"] for each in OrmQ.objects.all()]
        OrmQ.objects.all().delete()
    for schema in waiting:
        with context.business(schema):
            jobs.absences_due()


def test_an_absence_is_told_once_and_a_visit_begins_anew(move_clock: Move) -> None:
    Settings.objects.update(absent_after_days=30)
    ann = as_customer("ann@alpha.example")
    visit(program())
    move_clock(29 * DAY)
    daily()
    assert events() == []
    move_clock(31 * DAY)
    daily()
    daily()
    (event,) = events()
    last = EarnSession.objects.get().collected_at
    assert last is not None
    assert (event.customer_id, event.card_id) == (ann.id, Card.objects.get().pk)
    assert event.details == {
        "last_visit": last.isoformat(),
        "since": (last + 30 * DAY).isoformat(),
        "rule": "days",
        "visits": 1,
        "interval_days": None,
    }
    assert Customer.objects.get(pk=ann.id).absent_since == last
    visit(program())
    move_clock(50 * DAY)
    daily()
    assert len(events()) == 1
    move_clock(62 * DAY)
    daily()
    assert len(events()) == 2


def test_the_own_interval_counts_days_and_not_collects(move_clock: Move) -> None:
    Settings.objects.update(absent_after_percent=300)
    ann = as_customer("ann@alpha.example").id
    for day in (0, 7):
        move_clock(day * DAY)
        for _ in range(4):
            visit(program())
    # Eight collects on two days: no habit yet.
    move_clock(14 * DAY - timedelta(hours=1))
    assert note_absence(ann) is None
    move_clock(14 * DAY)
    visit(program())
    move_clock(34 * DAY)
    assert note_absence(ann) is None
    move_clock(36 * DAY)
    found = note_absence(ann)
    assert found is not None
    assert found.rule == "interval"
    (event,) = events()
    assert event.details is not None
    assert event.details["visits"] == 3
    assert 6.9 < event.details["interval_days"] < 7.1


def test_off_by_default(move_clock: Move) -> None:
    visit(program())
    move_clock(1_000 * DAY)
    daily()
    assert events() == []
    assert jobs.absences_due() == "off"


def test_large_businesses_go_on_in_batches(
    move_clock: Move, monkeypatch: pytest.MonkeyPatch
) -> None:
    monkeypatch.setattr(jobs, "READ_AT_ONCE", 1)
    Settings.objects.update(absent_after_days=10)
    for who in ("ann", "bob"):
        visit(program(), who)
    move_clock(11 * DAY)
    jobs.absences_due()
    for _ in range(2):
        with context.public():
            (waiting,) = OrmQ.objects.all()
            task = waiting.task
            waiting.delete()
        jobs.absences_due(*task["args"])
    assert {event.customer_id for event in events()} == set(
        Customer.objects.values_list("pk", flat=True)
    )


def test_managers_see_who_is_away_and_not_who_it_is(move_clock: Move) -> None:
    Settings.objects.update(absent_after_days=10)
    for who in ("ann", "bob"):
        visit(program(), who)
    move_clock(11 * DAY)
    manager = people.staff(Role.MANAGER).token
    daily()
    found = told(LIST, token=manager).data
    nodes = [edge["node"] for edge in found["edges"]]
    assert [(each["visits"], each["days"]) for each in nodes] == [(1, 11), (1, 11)]
    assert "@" not in str(found)
    for each in nodes:
        since = datetime.fromisoformat(each["absentSince"])
        assert since - datetime.fromisoformat(each["lastVisitAt"]) == 10 * DAY
        assert told(NODE, token=manager, id=each["customerId"]).data is None
        assert told(NODE, token=manager, id=each["cardId"]).data == {"id": each["cardId"]}
    newest, oldest = (edge["cursor"] for edge in found["edges"])
    first = told(LIST, token=manager, first=1).data
    assert [edge["cursor"] for edge in first["edges"]] == [newest]
    assert first["pageInfo"] == {"hasNextPage": True}
    then = told(LIST, token=manager, first=1, after=newest).data
    assert [edge["cursor"] for edge in then["edges"]] == [oldest]
    visit(program())
    assert len(told(LIST, token=manager).data["edges"]) == 1


def test_nobody_else_sees_them() -> None:
    assert told(LIST, token=None).codes == {"UNAUTHENTICATED"}
    assert told(LIST, token=people.staff(Role.STAFF).token).codes == {"FORBIDDEN"}
    assert told(LIST, token=people.customer("ann@alpha.example").token).codes == {"FORBIDDEN"}
    with context.business("beta"):
        other = people.staff(Role.MANAGER).token
    assert told(LIST, token=other).codes == {"UNAUTHENTICATED"}
