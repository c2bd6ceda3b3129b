"""A real worker finds, and two managers decide at once."""

import pytest
from django_q.models import OrmQ, Schedule
from django_q.tasks import async_task, result

from graphql_api.ids import global_id
from loyalty.base import tokens
from loyalty.base.values import Role
from loyalty.models import Anomaly, EarnSession, Event, ReviewMark
from tenants import context
from tests.factories import people
from tests.factories.campaigns import now
from tests.factories.operations import COLLECT
from tests.factories.selling import inside, mint
from tests.harness import databases
from tests.harness.crowd import Crowd, root
from tests.harness.servers import Client, Servers
from tests.local.waiting import until

pytestmark = [pytest.mark.xdist_group("servers"), pytest.mark.usefixtures("unblocked")]
REVIEW = """mutation ($input: ReviewAnomalyInput!) { reviewAnomaly(input: $input) { __typename
  ... on Anomaly { status decidedAt decidedBy { name } } ... on Refusal { code } } }"""
AT_ONCE = 16
PATIENCE_MS = 20_000


def found(servers: Servers, email: str) -> Anomaly:
    """What the worker finds after a customer collected six times."""
    where, staff, (person,) = inside(servers, [email])
    with databases.connected_to(servers.database_name):
        # Tests that moved these servers' clock may have left the mark in a time to come.
        ReviewMark.objects.update(event_id=tokens.ordered_id(now(), random=0))
    counter = Client(servers.web[0], "alpha", staff.token)
    phone = Client(servers.web[1], "alpha", person.token)
    for _ in range(6):
        phone.ask(COLLECT, input={"token": mint(counter, where)["token"]})
    with databases.connected_to(servers.database_name):
        with context.public():
            done = result(async_task("config.jobs.review_all"), wait=PATIENCE_MS)
        assert done == "2 done, 0 failed"
        rows = Anomaly.objects.filter(card_id__in=_cards(person.id), kind="often")
        # By a job of the business's own.
        until(rows.exists, within=PATIENCE_MS / 1000)
        return rows.get()


def _cards(customer_id: int) -> list[int | None]:
    cards = Event.objects.filter(kind="collected", customer_id=customer_id)
    return list(cards.values_list("card_id", flat=True))


def test_a_worker_finds_each_thing_once(servers: Servers) -> None:
    row = found(servers, "often@alpha.example")
    assert (row.status, len(row.evidence["sessions"])) == ("open", 6)
    with databases.connected_to(servers.database_name), context.public():
        again = result(async_task("config.jobs.review_all"), wait=PATIENCE_MS)
        assert again == "2 done, 0 failed"
        until(lambda: not OrmQ.objects.exists(), within=PATIENCE_MS / 1000)
        schedule = Schedule.objects.get(name="review")
    assert (schedule.schedule_type, schedule.minutes) == ("I", 5)
    with databases.connected_to(servers.database_name):
        assert Anomaly.objects.filter(subject=row.subject).count() == 1
        with context.business("beta"):
            assert not Anomaly.objects.filter(subject=row.subject).exists()


def test_two_managers_at_once_make_one_decision(servers: Servers) -> None:
    row = found(servers, "decided@alpha.example")
    with databases.connected_to(servers.database_name):
        managers = [people.staff(role).token for role in (Role.MANAGER, Role.OWNER)]
    crowd = Crowd([servers.client(n, "alpha", managers[n % 2]) for n in range(AT_ONCE)])
    given = {"anomalyId": global_id("Anomaly", row.pk), "reason": "not a guest"}
    verdicts = ("APPROVE", "VOID")
    answers = crowd.at_once(REVIEW, lambda n: {**given, "verdict": verdicts[n % 2]})
    crowd.close()
    (decision,) = {str(root(answer)) for answer in answers}
    with databases.connected_to(servers.database_name):
        row.refresh_from_db()
        states = set(
            EarnSession.objects.filter(pk__in=row.evidence["sessions"]).values_list(
                "status", flat=True
            )
        )
        assert states == {"voided" if row.status == "voided" else "collected"}
        reviewed = Event.objects.filter(kind="reviewed", details__anomaly=row.pk)
        assert reviewed.count() == 1
        voided = Event.objects.filter(kind="voided", session_id__in=row.evidence["sessions"])
        assert voided.count() == (6 if row.status == "voided" else 0)
    assert row.status.upper() in decision
