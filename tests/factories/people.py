"""The people of the tests: two businesses, each with an owner, a manager, staff and customers."""

from dataclasses import dataclass

from hosting.open_business import NewBusiness, open_business
from loyalty.base.values import CustomerActor, Role, StaffActor
from loyalty.db.roundtrip import database_now
from loyalty.models import Customer, Location, Preset, Program, StaffMember
from loyalty.people.enrol_customer import enrol_customer
from loyalty.people.open_access import open_access
from loyalty.programs.set_up_business import FirstPerson
from tenants import context
from tenants.models import Business

ALPHA, BETA = "alpha", "beta"
PASSWORD = "correct horse battery"
# The origin of beta's own front end elsewhere.
FRONT_END = "https://app.front-end.example"
# An owner of either business, for what keeps nothing of who did it.
OWNER = StaffActor(0, Role.OWNER, "Owner")
PLANS = {ALPHA: "network", BETA: "business"}


@dataclass(frozen=True)
class Person:
    """Somebody of the active business, with a bearer token."""

    id: int
    email: str
    token: str


@dataclass(frozen=True)
class Place:
    """What minting needs."""

    program_id: int
    location_id: int
    preset_id: int


def make_businesses() -> None:
    """Both businesses, for the template database."""
    for schema, plan in PLANS.items():
        people = tuple(
            FirstPerson(role.value.title(), role, f"{role}@{schema}.example", PASSWORD)
            for role in Role
        )
        wanted = NewBusiness(
            schema=schema,
            name=f"{schema.title()} Coffee",
            host=f"{schema}.localhost",
            plan=plan,
            time_zone="Europe/Berlin",
        )
        open_business(wanted, people=people)
        Business.objects.filter(schema_name=BETA).update(origins=[FRONT_END])
        with context.business(schema):
            for name in ("ann", "bob"):
                customer(f"{name}@{schema}.example")


def customer(email: str) -> Person:
    """A customer of the active business, made when missing."""
    now = database_now()
    found: Customer = enrol_customer(email, language="en", now=now)
    return Person(found.pk, email, open_access(now=now, customer_id=found.pk).token)


def staff(role: Role = Role.STAFF) -> Person:
    """The active business's staff member with this role."""
    now = database_now()
    found = StaffMember.objects.select_related("user").get(role=role, user__isnull=False)
    assert found.user
    return Person(found.pk, found.user.email, open_access(now=now, staff_id=found.pk).token)


def place() -> Place:
    """The active business's first program, location and preset."""
    return Place(
        Program.objects.values_list("id", flat=True).order_by("id")[0],
        Location.objects.values_list("id", flat=True).order_by("id")[0],
        Preset.objects.values_list("id", flat=True).order_by("id")[0],
    )


def as_staff(role: Role = Role.STAFF) -> StaffActor:
    """The staff member as actions know them."""
    found = StaffMember.objects.get(role=role, user__isnull=False)
    return StaffActor(found.pk, role, found.name)


def as_customer(email: str) -> CustomerActor:
    """The customer as actions know them."""
    return CustomerActor(Customer.objects.get(email=email).pk)
