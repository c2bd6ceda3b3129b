"""What tests over HTTP do again and again: find people in the servers' database, mint."""

from collections.abc import Sequence

from graphql_api.ids import global_id
from loyalty.base.values import Role
from loyalty.models import Counter, EarnSession, Event, LedgerEntry
from tests.factories import people
from tests.factories.operations import COLLECT, MINT
from tests.factories.people import Person, Place
from tests.harness import databases
from tests.harness.servers import Client, Servers


def inside(servers: Servers, emails: Sequence[str]) -> tuple[Place, Person, list[Person]]:
    """Alpha's place, a staff member and these customers, in the servers' database."""
    with databases.connected_to(servers.database_name):
        found = [people.customer(email) for email in emails]
        return people.place(), people.staff(Role.STAFF), found


def mint(client: Client, where: Place) -> dict[str, str]:
    """A fresh session: id and token."""
    found = client.ask(
        MINT,
        input={
            "programId": global_id("Program", where.program_id),
            "locationId": global_id("Location", where.location_id),
        },
    )
    assert found["__typename"] == "EarnSession", found
    return {"id": found["id"], "token": found["token"]}


def full_card(servers: Servers, email: str) -> tuple[Place, Person, Person, str]:
    """A customer with one waiting bonus more: place, staff, customer, the card's id."""
    where, staff, (person,) = inside(servers, [email])
    counter = Client(servers.web[0], "alpha", staff.token)
    phone = Client(servers.web[1], "alpha", person.token)
    for _ in range(5):
        card = phone.ask(COLLECT, input={"token": mint(counter, where)["token"]})["card"]
    return where, staff, person, str(card["id"])


def books(servers: Servers) -> tuple[int, int, int, int]:
    """Used sessions, collected events, units earned in the ledger, and those on cards."""
    with databases.connected_to(servers.database_name):
        used = EarnSession.objects.filter(status="collected").count()
        events = Event.objects.filter(kind="collected").count()
        entries = LedgerEntry.objects.values_list("kind", "units")
        earned = sum(units for kind, units in entries if kind == "earn")
        completed = -sum(units for kind, units in entries if kind == "complete")
        counted = sum(Counter.objects.values_list("open", flat=True)) + completed
        return used, events, earned, counted
