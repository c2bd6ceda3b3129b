"""The review list and its decisions, as managers read and make them."""

from collections.abc import Callable
from datetime import timedelta
from typing import Any

import pytest
from django.db import connection
from django.test.utils import CaptureQueriesContext

from graphql_api.ids import global_id
from loyalty.base.states import FindingKind
from loyalty.base.values import Role
from loyalty.findings.find_anomalies import find_anomalies
from loyalty.models import Anomaly, Card, EarnSession, Event, LedgerEntry, Level, Settings
from loyalty.undoing.void_session import void_session
from loyalty.wording.finding_text import finding_text
from tenants import context
from tests.factories import people
from tests.factories.people import as_staff, place
from tests.factories.sales import redeemed, sold
from tests.harness.asking import Told, told

pytestmark = pytest.mark.django_db
Move = Callable[[timedelta], None]
LIST = """query ($status: AnomalyStatus, $first: Int) {
  anomalies(status: $status, first: $first) { edges { node { id kind text status version
    sessionCount cardId reason outcome decidedAt sessions(first: 3) { id status token explanation }
    staff { name } location { name } decidedBy { name } } } pageInfo { hasNextPage } } }"""
NODE = "query ($id: ID!) { node(id: $id) { ... on Anomaly { id text } } }"
REVIEW = """mutation ($input: ReviewAnomalyInput!) { reviewAnomaly(input: $input) { __typename
  ... on Anomaly { id status reason outcome decidedBy { name } sessions { status } }
  ... on Refusal { code message } } }"""


@pytest.fixture(autouse=True)
def _whole_hour(move_clock: Move) -> None:
    move_clock(timedelta(0))


def often(email: str = "ann@alpha.example") -> Anomaly:
    for _ in range(6):
        sold(email=email)
    find_anomalies()
    return Anomaly.objects.order_by("-id")[0]


def held() -> Anomaly:
    """Ann rose to Bronze; her rise to Silver is held."""
    Level.objects.create(name="Bronze", threshold=1)
    Level.objects.create(name="Silver", threshold=2, gift={"text": "A cake", "title": "A cake"})
    Settings.objects.update(level_most_rises=1)
    for _ in range(2):
        sold(preset_id=place().preset_id)
    find_anomalies()
    return Anomaly.objects.get()


def listed(role: Role = Role.MANAGER, **variables: Any) -> list[Any]:
    found = told(LIST, token=people.staff(role).token, **variables)
    assert not found.codes, found
    return [edge["node"] for edge in found.data["edges"]]


def reviewed(row: Anomaly, verdict: str, token: str | None, **more: Any) -> Told:
    given = {"anomalyId": global_id("Anomaly", row.pk), "verdict": verdict, **more}
    return told(REVIEW, token=token, input=given)


def everything() -> list[object]:
    models = (Anomaly, EarnSession, Card, LedgerEntry, Event)
    return [list(model.objects.order_by("pk").values()) for model in models]


def test_the_list_says_what_was_found() -> None:
    row = often()
    (found,) = listed()
    assert found["text"] == (
        "6 credits for one person by the same staff member, close together: within 24 hours."
    )
    assert (found["kind"], found["status"], found["sessionCount"]) == ("OFTEN", "OPEN", 6)
    assert (found["staff"], found["location"]) == ({"name": "Staff"}, {"name": "Alpha Coffee"})
    assert found["cardId"] == global_id("Card", row.card_id or 0)
    assert [each["status"] for each in found["sessions"]] == ["COLLECTED"] * 3
    assert [each["token"] for each in found["sessions"]] == [None] * 3
    assert found["sessions"][0]["explanation"][0].startswith("Made by staff at Alpha Coffee")
    assert "@" not in str(found)
    token = people.staff(Role.OWNER).token
    assert told(NODE, token=token, id=found["id"]).data == {
        "id": found["id"],
        "text": found["text"],
    }


@pytest.mark.parametrize(
    ("kind", "evidence", "text"),
    [
        (FindingKind.HOURS, {"count": 1}, "1 credit outside the opening hours."),
        (FindingKind.HOURS, {"count": 2}, "2 credits outside the opening hours."),
        (
            FindingKind.BURST,
            {"count": 3, "minutes": 10},
            "3 credits in the 10 minutes before a bonus of the card was given.",
        ),
        (
            FindingKind.VOLUME,
            {"count": 121, "minutes": 60},
            "121 codes by one staff member, more than usual within 60 minutes.",
        ),
        (FindingKind.PIN_CLOSED, {"wrong": 5}, "PIN entry was closed after 5 wrong PINs."),
        (
            FindingKind.PIN_CLOSED,
            {"wrong": 10, "of_program": 1},
            "PIN entry of the whole program was closed after 10 wrong PINs of one day.",
        ),
        (
            FindingKind.LEVEL_HELD,
            {"count": 1},
            "A rise to a higher level is held: it came faster than usual.",
        ),
    ],
)
def test_each_kind_has_its_sentence(kind: FindingKind, evidence: dict[str, int], text: str) -> None:
    assert finding_text(kind, evidence) == text


def test_the_newest_first_and_by_status() -> None:
    first, second = often(), often("bob@alpha.example")
    assert [each["id"] for each in listed(first=1)] == [global_id("Anomaly", second.pk)]
    reviewed(first, "APPROVE", people.staff(Role.OWNER).token)
    assert [each["status"] for each in listed()] == ["OPEN", "APPROVED"]
    assert [each["id"] for each in listed(status="APPROVED")] == [global_id("Anomaly", first.pk)]
    assert listed(status="VOIDED") == []


def test_a_decision_over_graphql() -> None:
    row = often()
    manager = people.staff(Role.MANAGER).token
    assert reviewed(row, "VOID", manager).data["code"] == "INVALID_INPUT"
    conflict = reviewed(row, "VOID", manager, reason="no", version=row.version + 1)
    assert conflict.data["code"] == "VERSION_CONFLICT"
    first = reviewed(row, "VOID", manager, reason="not a guest", version=row.version).data
    assert (first["status"], first["reason"]) == ("VOIDED", "not a guest")
    assert first["outcome"] == (
        "6 sales were taken back: 6 stamps less. A bonus was taken away: Free coffee."
    )
    assert first["decidedBy"] == {"name": "Manager"}
    assert {each["status"] for each in first["sessions"]} == {"VOIDED"}
    assert reviewed(row, "APPROVE", people.staff(Role.OWNER).token).data == first
    (line, *_) = listed()
    assert line["sessions"][0]["explanation"][-2].endswith(" Reason: not a guest.")


def test_what_was_taken_back_before_and_what_is_owed_is_said() -> None:
    row = often()
    redeemed(Card.objects.get())
    void_session(row.evidence["sessions"][0], actor=as_staff(), reason=None)
    (line,) = listed()
    assert line["outcome"] is None
    manager = people.staff(Role.MANAGER).token
    first = reviewed(row, "VOID", manager, reason="not a guest").data
    assert first["outcome"] == (
        "5 sales were taken back: 5 stamps less."
        " A bonus was used already and stays given: Free coffee."
        " The card owes 5 stamps for what was used already; the next ones pay."
        " 1 had been taken back before."
    )
    assert reviewed(row, "VOID", manager, reason="again").data == first


def test_approving_says_that_nothing_changed() -> None:
    row = often()
    found = reviewed(row, "APPROVE", people.staff(Role.MANAGER).token).data
    assert (found["status"], found["outcome"]) == ("APPROVED", "Nothing was changed.")


def test_an_approved_level_says_what_it_came_to() -> None:
    row = held()
    found = reviewed(row, "APPROVE", people.staff(Role.MANAGER).token).data
    assert found["outcome"] == "Level reached: Silver. For the new level: A cake."
    (line,) = listed()
    assert line["outcome"] == found["outcome"]


def test_a_level_that_was_not_given_says_so() -> None:
    row = held()
    found = reviewed(row, "VOID", people.staff(Role.MANAGER).token, reason="no").data
    assert found["outcome"] == "The level was not given. The sales stay."


def test_a_level_that_is_held_no_longer_leaves_the_list() -> None:
    row = held()
    void_session(row.evidence["sessions"][0], actor=as_staff(), reason=None)
    assert listed(status="OPEN") == []
    (line,) = listed(status="LAPSED")
    assert line["outcome"] == "Nothing was decided: the level is no longer held."
    assert (line["decidedBy"], line["decidedAt"] is not None) == (None, True)
    before = everything()
    for verdict in ("APPROVE", "VOID"):
        answer = reviewed(row, verdict, people.staff(Role.MANAGER).token, reason="no").data
        assert (answer["status"], answer["outcome"]) == ("LAPSED", line["outcome"])
    assert everything() == before


@pytest.mark.parametrize("who", ["staff", "customer", "nobody"])
def test_everybody_else_is_refused(who: str) -> None:
    row = often()
    token = people.staff(Role.STAFF).token if who == "staff" else None
    if who == "customer":
        token = people.customer("ann@alpha.example").token
    before = everything()
    code = {"UNAUTHENTICATED"} if token is None else {"FORBIDDEN"}
    assert told(LIST, token=token).codes == code
    for verdict in ("APPROVE", "VOID"):
        assert reviewed(row, verdict, token, reason="no").codes == code
    assert told(NODE, token=token, id=global_id("Anomaly", row.pk)).data is None
    assert everything() == before


def test_another_business_finds_nothing() -> None:
    row = often()
    before = everything()
    with context.business("beta"):
        for role in (Role.MANAGER, Role.OWNER):
            token = people.staff(role).token
            assert listed(role) == []
            for verdict in ("APPROVE", "VOID"):
                answer = reviewed(row, verdict, token, reason="no")
                assert answer.data["code"] == "NOT_FOUND"
            assert told(NODE, token=token, id=global_id("Anomaly", row.pk)).data is None
    assert everything() == before


def test_a_page_of_findings_costs_as_many_statements_as_one() -> None:
    costs = []
    often()
    often("bob@alpha.example")
    token = people.staff(Role.MANAGER).token
    for row in Anomaly.objects.all():
        reviewed(row, "VOID", token, reason="no")
    told(LIST, token=token, first=1)
    for first in (1, 2):
        with CaptureQueriesContext(connection) as sent:
            found = told(LIST, token=token, first=first)
        assert len(found.data["edges"]) == first
        costs.append(len(sent))
    assert costs[0] == costs[1]
