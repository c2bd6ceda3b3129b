"""People for one run, made in the business `lumo`: `python -m tests.crash.crew NAME CUSTOMERS`."""

import json
import os
import sys
from collections.abc import Sequence
from dataclasses import asdict, dataclass
from typing import Self

import django

STAFF, MANAGERS = 4, 2


@dataclass(frozen=True)
class Someone:
    """A person's number, and the bearer token of their device."""

    id: int
    token: str


@dataclass(frozen=True)
class Crew:
    """Who takes part in a run; `menu` are the products of the tiered program."""

    customers: Sequence[Someone]
    staff: Sequence[Someone]
    managers: Sequence[Someone]
    menu: Sequence[str]

    @classmethod
    def read(cls, text: str) -> Self:
        """What `main` printed."""
        found = json.loads(text)
        people = ("customers", "staff", "managers")
        return cls(
            menu=found["menu"], **{key: [Someone(**one) for one in found[key]] for key in people}
        )


def make(name: str, *, customers: int) -> Crew:
    """The crew of the active business; needs Django."""
    # Only the program of its own that this module also is has Django by then.
    from graphql_api.ids import global_id
    from loyalty.db.roundtrip import database_now
    from loyalty.models import Product, StaffMember
    from loyalty.people.enrol_customer import enrol_customer
    from loyalty.people.open_access import open_access

    now = database_now()

    def customer(number: int) -> Someone:
        email = f"{name}-{number}@crowd.example"
        found = enrol_customer(email, language="en", now=now)
        return Someone(found.pk, open_access(now=now, customer_id=found.pk).token)

    def colleague(role: str) -> Someone:
        found = StaffMember.objects.create(name=f"{name} {role}", role=role)
        return Someone(found.pk, open_access(now=now, staff_id=found.pk).token)

    menu = Product.objects.filter(program__name="Lunch 5+1").values_list("id", flat=True)
    return Crew(
        customers=[customer(number) for number in range(customers)],
        staff=[colleague("staff") for _ in range(STAFF)],
        managers=[colleague("manager") for _ in range(MANAGERS)],
        menu=[global_id("Product", number) for number in menu],
    )


def main(arguments: list[str]) -> None:
    """Print a crew as JSON."""
    os.environ.setdefault("DJANGO_SETTINGS_MODULE", "config.settings")
    django.setup()
    from tenants import context

    with context.business("lumo"):
        print(json.dumps(asdict(make(arguments[0], customers=int(arguments[1])))))  # noqa: T201  its output


if __name__ == "__main__":
    main(sys.argv[1:])
