"""Makes the demo's businesses and its operator, each once."""

from django.conf import settings

from demo.absent import stay_away
from demo.businesses import FRONT_ENDS, OPERATOR, PASSCODES, PASSWORD, DemoBusiness
from demo.programs import publish_more
from demo.regular import fill_card
from hosting.open_business import NewBusiness, open_business
from loyalty.base.values import Role, StaffActor
from loyalty.db.roundtrip import clock, send
from loyalty.devices import set_passcode
from loyalty.models import Product, Settings, StaffMember
from loyalty.people import enrol_customer
from loyalty.programs import FirstPerson, set_photo
from tenants import context
from tenants.accounts.models import User
from tenants.hosts import site_url
from tenants.models import Business


def seed_operator() -> None:
    """An operator for the admin on the platform's own host."""
    with context.public():
        if not User.objects.filter(email=OPERATOR).exists():
            User.objects.create_user(OPERATOR, PASSWORD, operator=True)


def seed(demo: DemoBusiness) -> bool:
    """The business with its people and customers; False when it was there already."""
    with context.public():
        exists = Business.objects.filter(schema_name=demo.schema).exists()
    if not exists:
        people = tuple(
            FirstPerson(name, role, demo.email(name), PASSWORD) for name, role in demo.staff
        )
        wanted = NewBusiness(
            schema=demo.schema,
            name=demo.name,
            host=demo.host,
            plan=demo.plan,
            time_zone=demo.time_zone,
            currency=demo.currency,
            first=demo.first,
        )
        open_business(wanted, people=people)
        with context.public():
            made = Business.objects.filter(schema_name=demo.schema)
            made.update(origins=list(FRONT_ENDS))
        _furnish(demo)
    with context.business(demo.schema):
        # The demo may run on another port than last time.
        Settings.objects.update(site_url=site_url(demo.host))
        now = clock()
        send(now)
        _give_passcodes()
        for person in demo.customers:
            enrol_customer(demo.email(person), language=settings.LANGUAGE_CODE, now=now.only)
        if demo.regular:
            fill_card(demo.email(demo.regular), program=demo.first.name)
    return not exists


def _give_passcodes() -> None:
    # A demo that was made before there were passcodes gets them too.
    for member in StaffMember.objects.filter(passcode=None, is_active=True):
        role = Role(member.role)
        actor = StaffActor(member.pk, role, member.name)
        set_passcode(PASSCODES[role], actor=actor, token_key=settings.TOKEN_KEY)


def _furnish(demo: DemoBusiness) -> None:
    with context.business(demo.schema):
        owner = StaffMember.objects.get(role=Role.OWNER)
        actor = StaffActor(owner.pk, Role.OWNER, owner.name)
        set_photo(Product.objects.get().pk, file=demo.picture(), actor=actor)
        if demo.shows_more:
            publish_more(actor)
        if demo.absent:
            stay_away(demo.email(demo.absent), program=demo.first.name)
