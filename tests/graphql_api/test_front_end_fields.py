"""What a front end shows of a business, of its places, cards and sessions: who reads which."""

from collections.abc import Callable
from datetime import datetime, timedelta
from typing import Any

import pytest
from django.db import connection
from django.test.utils import CaptureQueriesContext

from graphql_api.ids import global_id
from loyalty.base.values import BonusModel, Mechanic, Mode, Role, StampMode
from loyalty.models import Bonus, Card, EarnSession, Level, Location, Preset, Program, StaffMember
from loyalty.models.program_budget import ProgramBudget
from loyalty.programs.publish_program import NewProgram, publish_program
from tenants import context
from tests.factories import people
from tests.factories.counter import till
from tests.factories.people import OWNER, as_staff, place
from tests.factories.sales import ANN, made, sold
from tests.harness.asking import told

pytestmark = pytest.mark.django_db
Move = Callable[[timedelta], None]
BOB = "bob@alpha.example"
BUSINESS = """{ business { name language siteUrl isActive timeZones currencies hasLeaderboard
  plan { code maxLocations maxRunningPrograms hasTieredMode hasExploring } } }"""
PROGRAM = """query ($id: ID!) { program(id: $id) {
  budget { bonuses mostBonuses worth mostWorth } presets { name } } }"""
SESSION = """query ($id: ID!) { session(id: $id) { token createdAt collectedAt explanation
  program { name } location { name } preset { name } } }"""
LATEST = """query ($id: ID, $first: Int! = 20) { latestSessions(staffId: $id, first: $first) {
  id token program { name } location { name openingHours { weekday } } preset { name }
  explanation } }"""


def everybody() -> dict[str, str | None]:
    """A token of each kind of caller at alpha."""
    return {
        "nobody": None,
        "Ann": people.customer(ANN).token,
        "Bob": people.customer(BOB).token,
        "staff": people.staff().token,
        "till": till().on(),
        "manager": people.staff(Role.MANAGER).token,
        "owner": people.staff(Role.OWNER).token,
    }


STAFF, MANAGERS = {"staff", "till", "manager", "owner"}, {"manager", "owner"}


def who_reads(look: Callable[[str | None], Any]) -> set[str]:
    """Those for whom `look` finds something; nobody gets an error."""
    return {who for who, token in everybody().items() if look(token) is not None}


def test_the_business() -> None:
    for who, token in everybody().items():
        found = told(BUSINESS, token=token)
        assert not found.codes
        plan = found.data.pop("plan")
        assert (plan is not None) is (who in STAFF)
        assert found.data == {
            "name": "Alpha Coffee",
            "language": "en",
            "siteUrl": "http://alpha.localhost",
            "isActive": True,
            "timeZones": ["Europe/Berlin"],
            "currencies": ["EUR"],
            "hasLeaderboard": False,
        }
    assert plan == {
        "code": "network",
        "maxLocations": 50,
        "maxRunningPrograms": None,
        "hasTieredMode": True,
        "hasExploring": True,
    }
    with context.business("beta"):
        assert told(BUSINESS, token=None).data["name"] == "Beta Coffee"
        assert told(BUSINESS, token=people.staff().token).data["plan"]["hasExploring"] is False
    assert told(BUSINESS, token="x" * 43).codes == {"UNAUTHENTICATED"}


def test_a_budget_and_buttons() -> None:
    number = place().program_id

    def field(name: str) -> Callable[[str | None], Any]:
        identity = global_id("Program", number)
        return lambda token: told(PROGRAM, token=token, id=identity).data[name]

    assert who_reads(field("budget")) == set()
    ProgramBudget.objects.create(program_id=number, bonuses=1, worth=200, most_worth=1_000)
    assert who_reads(field("budget")) == MANAGERS
    assert field("budget")(people.staff(Role.OWNER).token) == {
        "bonuses": 1,
        "mostBonuses": None,
        "worth": 200,
        "mostWorth": 1_000,
    }
    assert who_reads(field("presets")) == STAFF


def test_what_a_session_was() -> None:
    number, _token = made(preset_id=place().preset_id)
    identity = global_id("EarnSession", number)
    answers = {
        who: told(SESSION, token=token, id=identity).data for who, token in everybody().items()
    }
    # As at a till: anybody who is switched on there is the same person.
    assert {who for who, found in answers.items() if found} == STAFF
    assert {who for who in STAFF if answers[who]["token"]} == {"staff", "till"}
    assert {who for who in STAFF if answers[who]["explanation"]} == MANAGERS
    row = EarnSession.objects.get()
    for who in STAFF:
        found = answers[who]
        assert found["program"] == {"name": Program.objects.get().name}
        assert found["location"] == {"name": "Alpha Coffee"}
        assert found["preset"] == {"name": Preset.objects.get().name}
        assert datetime.fromisoformat(found["createdAt"]) == row.created_at
        assert found["collectedAt"] is None
    Preset.objects.update(is_archived=True)
    Location.objects.update(is_archived=True)
    found = told(SESSION, token=people.staff().token, id=identity).data
    assert found["preset"]
    assert found["location"]


def test_the_latest_sessions(move_clock: Move) -> None:
    numbers = []
    for minute in range(3):
        move_clock(timedelta(minutes=2 * minute))
        numbers.append(made(preset_id=place().preset_id)[0])
    of_manager, _token = made(role=Role.MANAGER)
    mine = [global_id("EarnSession", number) for number in reversed(numbers)]
    staff, manager = people.staff().token, people.staff(Role.MANAGER).token
    found = told(LATEST, token=staff).data
    assert [each["id"] for each in found] == mine
    assert {each["token"] for each in found} == {None}
    assert {each["explanation"] for each in found} == {None}
    assert [each["id"] for each in told(LATEST, token=staff, first=2).data] == mine[:2]
    of_staff = global_id("StaffMember", as_staff().id)
    theirs = told(LATEST, token=manager, id=of_staff).data
    assert [each["id"] for each in theirs] == mine
    assert {each["token"] for each in theirs} == {None}
    assert all(each["explanation"] for each in theirs)
    own = told(LATEST, token=manager).data
    assert [each["id"] for each in own] == [global_id("EarnSession", of_manager)]
    refused = told(LATEST, token=staff, id=global_id("StaffMember", as_staff(Role.MANAGER).id))
    assert (refused.codes, refused.said[1]) == ({"FORBIDDEN"}, "role_needed")
    for token, code in ((None, "UNAUTHENTICATED"), (people.customer(ANN).token, "FORBIDDEN")):
        assert told(LATEST, token=token).codes == {code}
    for number in (0, 101):
        assert told(LATEST, token=staff, first=number).codes == {"LIMIT_EXCEEDED"}
    assert told(LATEST, token=manager, id="x").data == []
    with context.business("beta"):
        token = people.staff(Role.OWNER).token
        assert told(LATEST, token=token, id=of_staff).data == []


def test_thirty_sessions_cost_as_many_statements_as_two() -> None:
    staff = StaffMember.objects.get(role=Role.MANAGER, user__isnull=False)
    token, costs = people.staff(Role.MANAGER).token, []
    # The first of all warms what a process remembers.
    told(LATEST, token=token)
    for count in (2, 28):
        for number in range(count):
            kiosk = Location.objects.create(name=f"K{count}{number}", time_zone="UTC")
            program = publish_program(
                NewProgram(f"P{count}{number}", "EUR", FIVE, gives="Soup"), actor=OWNER
            )
            preset = Preset.objects.create(program=program, name=f"B{count}{number}")
            session, _token = made(program, Role.MANAGER, preset_id=preset.pk)
            EarnSession.objects.filter(pk=session).update(location=kiosk)
        wanted = {"id": global_id("StaffMember", staff.pk), "first": 30}
        with CaptureQueriesContext(connection) as sent:
            assert len(told(LATEST, token=token, **wanted).data) == (2 if count == 2 else 30)
        costs.append(len(sent))
    assert costs[0] == costs[1]


FIVE = Mechanic(BonusModel.STAMP_COUNT, Mode.SIMPLE, StampMode.PER_VISIT, threshold=5)
HOURS = "{ locations { edges { node { openingHours { weekday opensAt closesAt } } } } }"


def test_opening_hours() -> None:
    def read() -> Any:
        return told(HOURS, token=None).data["edges"][0]["node"]["openingHours"]

    assert read() is None
    Location.objects.update(
        opening_hours={"0": [["08:00", "12:00"], ["13:00", "18:00"]], "5": [["20:00", "02:00"]]}
    )
    assert read() == [
        {"weekday": "MONDAY", "opensAt": "08:00", "closesAt": "12:00"},
        {"weekday": "MONDAY", "opensAt": "13:00", "closesAt": "18:00"},
        {"weekday": "SATURDAY", "opensAt": "20:00", "closesAt": "02:00"},
    ]


BUTTONS = "{ presets { edges { node { name isAvailable locations { name } } } } }"


def test_where_a_button_stands_and_whether_it_can_be_tapped() -> None:
    def read() -> Any:
        (edge,) = told(BUTTONS, token=people.staff().token).data["edges"]
        return edge["node"]["isAvailable"], [each["name"] for each in edge["node"]["locations"]]

    assert read() == (True, ["Alpha Coffee"])
    Preset.objects.update(location=None)
    assert read() == (True, [])
    Preset.objects.update(is_archived=True)
    assert told(BUTTONS, token=people.staff().token).data["edges"] == []
    Preset.objects.update(is_archived=False)
    Program.objects.update(status="paused")
    assert read() == (False, [])


CARD = """query ($id: ID!) { card(id: $id) { createdAt lastVisitAt level { name } nextLevel
  { name missingPoints isHeld notice } bonuses { earnedAt } } }"""
COLLECT = """mutation ($input: CollectInput!) { collect(input: $input) { ... on Collected {
  at bonusesEarned { earnedAt } nextLevel { name } level { name }
  card { createdAt lastVisitAt bonuses { earnedAt } } } } }"""


def test_when_a_card_began_and_a_bonus_was_earned(move_clock: Move) -> None:
    ann = people.customer(ANN).token
    for hour in range(5):
        move_clock(timedelta(hours=hour))
        _number, token = made()
        got = told(COLLECT, token=ann, input={"token": token}).data
    row, bonus = Card.objects.get(), Bonus.objects.get()
    assert row.last_visit_at
    told_card = told(CARD, token=ann, id=global_id("Card", row.pk)).data
    began, last = row.created_at.isoformat(), row.last_visit_at.isoformat()
    earned = [{"earnedAt": bonus.earned_at.isoformat()}]
    assert (told_card["createdAt"], told_card["lastVisitAt"]) == (began, last)
    assert told_card["bonuses"] == earned
    # The answer to the collect says the same, and says it again.
    for answer in (got, told(COLLECT, token=ann, input={"token": token}).data):
        card = answer["card"]
        assert (card["createdAt"], card["lastVisitAt"]) == (began, last)
        assert answer["bonusesEarned"] == card["bonuses"] == earned
    # So does one that was stored before cards and bonuses told it.
    stored = EarnSession.objects.latest("collected_at")
    kept: Any = stored.outcome
    del kept["card"]["created_at"], kept["card"]["last_visit_at"]
    for each in (*kept["bonuses"], *kept["card"]["bonuses"]):
        del each["earned_at"]
    stored.save(update_fields=["outcome"])
    assert told(COLLECT, token=ann, input={"token": token}).data == got


def test_no_level_before_the_first() -> None:
    ann = people.customer(ANN).token
    sold()
    card = global_id("Card", Card.objects.get().pk)
    found = told(CARD, token=ann, id=card).data
    assert (found["level"], found["nextLevel"]) == (None, None)
    Level.objects.create(name="Bronze", threshold=2)
    found = told(CARD, token=ann, id=card).data
    assert found["level"] is None
    assert found["nextLevel"] == {
        "name": "Bronze",
        "missingPoints": 2,
        "isHeld": False,
        "notice": None,
    }
    for _ in range(2):
        sold(preset_id=place().preset_id)
    found = told(CARD, token=ann, id=card).data
    assert (found["level"], found["nextLevel"]) == ({"name": "Bronze"}, None)
