"""Every name that people enter stands in one line, whichever door it comes through."""

import json
import re
from collections.abc import Callable
from dataclasses import replace

import pytest
from django.apps import apps
from django.db import models, transaction
from hypothesis import given
from hypothesis import strategies as st

from hosting.open_business import NewBusiness, open_business
from loyalty.base.errors import ConfigurationInvalid, InvalidInput
from loyalty.base.one_line import neutral, one_line
from loyalty.base.values import Mode, Role
from loyalty.devices.create_pairing_code import create_pairing_code
from loyalty.devices.pair_device import pair_device
from loyalty.devices.rename_device import rename_device
from loyalty.levels.limits import NewLevel, NewLevelTable
from loyalty.levels.set_levels import set_levels
from loyalty.models import (
    Customer,
    Device,
    Level,
    Location,
    Preset,
    Product,
    Program,
    ProgramVersion,
    Settings,
    StaffMember,
    Tier,
)
from loyalty.people.set_nickname import set_nickname
from loyalty.programs.publish_program import MenuTier, NewProgram, publish_program
from loyalty.programs.set_up_business import FirstPerson, FirstProgram, set_up_business
from loyalty.switches import Reward, Switches
from tenants import context
from tenants.models import Business
from tests.factories.campaigns import FIVE
from tests.factories.counter import till
from tests.factories.people import OWNER, as_customer, as_staff, place
from tests.factories.perks import MENU

pytestmark = pytest.mark.django_db
BAD = [
    *(
        "Caf\u00e9\nBar",
        "Caf\u00e9\r\nBcc: eve@example.com",
        "a\u2028b",
        "a\u2029b",
        "a\x85b",
        "a\x0bb",
    ),
    *("a\0b", "a\x1bb", "a\x7fb", "a\tb", "a\u202eb", "a\u2066b", "a\u200fb", "a\ufeffb"),
    *("a\ud800b", "\udfff", "", "  ", "\u200d", "\u0301", "x" * 2_001),
]
GOOD = [
    "O'Neil & S\u00f8n, \u201eCaf\u00e9\u201c",
    "\u06a9\u0627\u0641\u0647\u200c\u0647\u0627",
    "\U0001f469\u200d\U0001f373 Bistro",
    "\u30ab\u30d5\u30a7",
]
PROGRAM = NewProgram("Lunch", "EUR", FIVE, gives="Tea")
TIERED = replace(PROGRAM, mechanic=replace(FIVE, mode=Mode.TIERED), gives="", menu=MENU)
FOUNDER = FirstPerson("Owner", Role.OWNER, "new@alpha.example", "horse")


def _sign_up(name: str) -> None:
    open_business(NewBusiness("gamma", name, "gamma.localhost"), people=(FOUNDER,))


def _set_up(
    name: str = "Gamma", person: FirstPerson = FOUNDER, first: FirstProgram | None = None
) -> None:
    Settings.objects.all().delete()
    set_up_business(
        name=name,
        site_url="https://gamma.example",
        time_zone="UTC",
        currency="EUR",
        limits={},
        people=(person,),
        first=first or FirstProgram(),
    )


def _level(name: str = "Silver", benefit: str = "", text: str = "") -> None:
    gift = Reward(text=text) if text else None
    level = NewLevel(name, 5, benefit=benefit, gift=gift)
    set_levels(NewLevelTable((level,)), actor=as_staff(Role.OWNER))


def _gift(text: str) -> None:
    publish_program(replace(PROGRAM, switches=Switches(welcome=Reward(text=text))), actor=OWNER)


def _pair(name: str) -> None:
    code = create_pairing_code(place().location_id, actor=as_staff(Role.OWNER), token_key="k")
    pair_device(code.code, name, ip="192.0.2.1", token_key="k")


def _rename(name: str) -> None:
    rename_device(till().id, name, actor=as_staff(Role.OWNER))


DOORS: dict[str, Callable[[str], object]] = {
    "Business.name": _sign_up,
    "Settings.business_name, Location.name": _set_up,
    "StaffMember.name": lambda name: _set_up(person=replace(FOUNDER, name=name)),
    "Preset.name": lambda name: _set_up(first=FirstProgram(preset=name)),
    "Program.name": lambda name: publish_program(replace(PROGRAM, name=name), actor=OWNER),
    "Product.name": lambda name: publish_program(replace(PROGRAM, gives=name), actor=OWNER),
    "Product.name, on a receipt": lambda name: publish_program(
        replace(PROGRAM, eligible=(name,)), actor=OWNER
    ),
    "Product.name, of a menu": lambda name: publish_program(
        replace(TIERED, menu=(MenuTier("Main", (name,)),)), actor=OWNER
    ),
    "Tier.name": lambda name: publish_program(
        replace(TIERED, menu=(MenuTier(name, ("Tea",)),)), actor=OWNER
    ),
    "Level.name": lambda name: _level(name=name),
    "Level.benefit": lambda name: _level(benefit=name),
    "Level.gift": lambda name: _level(text=name),
    "Bonus.text, Bonus.title": _gift,
    "Device.name": _pair,
    "Device.name, later": _rename,
    "Customer.nickname": lambda name: set_nickname(name, actor=as_customer("ann@alpha.example")),
}
# Rows that no action writes a name into, and what is made of a name.
NO_DOOR = {"Program.description", "Customer.nickname_skeleton"}
# Hosts, schemas and plans, which operators name.
TECHNICAL = {"Business.schema_name", "Plan.name"}
SAID = re.compile("name$|title$|^text$|benefit|description")


def test_every_column_that_holds_a_name_has_its_doors_here() -> None:
    found = {
        f"{model.__name__}.{column.name}"
        for model in apps.get_models()
        if model._meta.app_label in {"loyalty", "tenants"}  # noqa: SLF001  the same
        for column in model._meta.get_fields()  # noqa: SLF001  Django's documented meta API
        if isinstance(column, models.CharField | models.TextField) and SAID.search(column.name)
    }
    doors = {name for door in DOORS for name in door.split(", ") if "." in name}
    assert found - NO_DOOR - doors == TECHNICAL


def kept() -> list[object]:
    tables = (Settings, StaffMember, Location, Program, Product, Tier, Preset, Level, Device)
    all_of_them = (*tables, ProgramVersion, Customer)
    names = [list(table.objects.order_by("pk").values()) for table in all_of_them]
    with context.public():
        return [*names, Business.objects.count()]


def _is_refused(door: str, typed: str) -> bool:
    try:
        with transaction.atomic():
            DOORS[door](typed)
    except (InvalidInput, ConfigurationInvalid) as refused:
        return bool(refused.details["field"])
    return False


@pytest.mark.parametrize("door", DOORS)
def test_no_door_takes_what_is_no_name(door: str) -> None:
    # A nickname leaves out what is not shown; an empty one, or no benefit and no words, is none.
    may_be_empty = {"Customer.nickname", "Level.benefit", "Level.gift", "Bonus.text, Bonus.title"}
    for typed in BAD:
        before = kept()
        if _is_refused(door, typed):
            assert kept() == before
            continue
        assert door in may_be_empty, (door, typed)
        assert not typed.strip() or door == "Customer.nickname", (door, typed)
        names = Customer.objects.exclude(nickname="").values_list("nickname", flat=True)
        assert all(neutral(name) == name for name in names)


@pytest.mark.parametrize("typed", GOOD)
@pytest.mark.parametrize("door", sorted(set(DOORS) - {"Business.name", "Customer.nickname"}))
def test_every_door_takes_a_name(door: str, typed: str) -> None:
    DOORS[door](f" {typed} ")
    assert any(typed in json.dumps(each, default=str, ensure_ascii=False) for each in kept())


@given(st.text(max_size=140))
def test_a_name_is_one_line_and_stays_itself(typed: str) -> None:
    try:
        name = one_line(typed, field="name", longest=120)
    except InvalidInput:
        return
    assert len(name.splitlines()) == 1
    assert name.encode().decode() == name == neutral(name)
    assert one_line(name, field="name", longest=120) == name
