"""What a new business starts with: its people, a location, a 5+1 program and a preset."""

from collections.abc import Mapping
from dataclasses import dataclass

from django.contrib.auth import get_user_model

from loyalty.base import exempt
from loyalty.base.email_address import cleaned
from loyalty.base.one_line import one_line
from loyalty.base.values import BonusModel, Mechanic, Mode, Role, StampMode, SystemActor
from loyalty.models import Location, Preset, Program, Settings, StaffMember
from loyalty.programs.publish_program import NewProgram, publish_program

LONGEST_NAME = 120
_SETTING_UP = SystemActor("a new business")


@dataclass(frozen=True, slots=True)
class FirstPerson:
    """Somebody who works here and signs in with a password."""

    name: str
    role: Role
    email: str
    password: str


@dataclass(frozen=True, slots=True)
class FirstProgram:
    """The 5+1 program that a business starts with, and the button for it."""

    name: str = "Coffee 5+1"
    gives: str = "Free coffee"
    preset: str = "Coffee"


FirstPeople = tuple[FirstPerson, ...]


@exempt.for_operators("a business is set up before anybody can sign in there")
def set_up_business(  # noqa: PLR0913  what a sign-up asks for
    *,
    name: str,
    site_url: str,
    time_zone: str,
    currency: str,
    limits: Mapping[str, int | bool | None],
    people: FirstPeople,
    first: FirstProgram,
) -> Program:
    """The business's first program, running; raises InvalidInput. For the caller's transaction."""
    name = one_line(name, field="name", longest=LONGEST_NAME)
    Settings.objects.create(business_name=name, site_url=site_url, **limits)
    for person in people:
        user = get_user_model().objects.create_user(cleaned(person.email), person.password)
        called = one_line(person.name, field="people.name", longest=LONGEST_NAME)
        StaffMember.objects.create(name=called, role=person.role, user=user)
    location = Location.objects.create(name=name, time_zone=time_zone)
    program = publish_program(
        NewProgram(
            name=first.name,
            currency=currency,
            gives=first.gives,
            mechanic=Mechanic(
                BonusModel.STAMP_COUNT, Mode.SIMPLE, StampMode.PER_VISIT, threshold=5
            ),
        ),
        actor=_SETTING_UP,
    )
    preset = one_line(first.preset, field="first.preset", longest=LONGEST_NAME)
    Preset.objects.create(program=program, location=location, name=preset, points=1)
    return program
