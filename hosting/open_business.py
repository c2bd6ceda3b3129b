"""A business comes into being: its schema first, then what its people need to start."""

from dataclasses import dataclass, field

from django.db import transaction

from hosting.plan_limits import limits_of
from loyalty.base import money
from loyalty.base.errors import InvalidInput
from loyalty.base.one_line import one_line
from loyalty.programs import LONGEST_NAME, FirstPeople, FirstProgram, set_up_business
from tenants import context, hosts
from tenants.hosts import site_url
from tenants.models import Business
from tenants.provisioning.provision import provision


@dataclass(frozen=True, slots=True)
class NewBusiness:
    """What a sign-up asks for."""

    schema: str
    name: str
    host: str
    plan: str = "free"
    time_zone: str = "UTC"
    currency: str = "EUR"
    first: FirstProgram = field(default_factory=FirstProgram)


def open_business(wanted: NewBusiness, *, people: FirstPeople) -> Business:
    """The business, ready for its first stamp.

    Raises InvalidInput for a currency that nobody pays with and for a name that is none, or what
    `provision` raises.
    """
    # Before there is a schema: a business without a program would be left behind.
    if not money.is_known(wanted.currency):
        raise InvalidInput(details={"field": "currency", "reason": "unknown"})
    name = one_line(wanted.name, field="name", longest=LONGEST_NAME)
    business = provision(schema=wanted.schema, name=name, plan=wanted.plan, hosts=[wanted.host])
    with context.business(wanted.schema), transaction.atomic():
        set_up_business(
            name=name,
            site_url=site_url(wanted.host),
            time_zone=wanted.time_zone,
            currency=wanted.currency,
            limits=limits_of(business.plan),
            people=people,
            first=wanted.first,
        )
    hosts.forget()
    return business
