"""Alpha with so many of everything that lists show: programs, cards, bonuses, findings, devices."""

from datetime import timedelta
from typing import Any

from loyalty.base.events import EventKind
from loyalty.base.values import BonusModel, Mechanic, Mode, Role, StampMode
from loyalty.models import (
    Anomaly,
    Customer,
    EarnSession,
    Event,
    Level,
    Location,
    Preset,
    Program,
    Settings,
    StaffMember,
    Tier,
)
from loyalty.programs.publish_program import MenuTier, NewProgram, publish_program
from loyalty.switches import BirthdayRule, Reward, StreakRule, Switches
from tests.factories.counter import till
from tests.factories.people import OWNER, as_customer, as_staff, place
from tests.factories.sales import ANN, sold
from tests.harness.clock import now

PRICES = {"Soup": 500, "Salad": 400, "Pasta": 900, "Free coffee": 300, "Cake": 300}
_MENU = (MenuTier("Starter", ("Soup", "Salad")), MenuTier("Main", ("Pasta",)))
_SWITCHES = Switches(
    points=1,
    streak=StreakRule(7, 1, gift=Reward(amount=100)),
    birthday=BirthdayRule(min_past_bonuses=0),
)
_FIRST_EVENT = 10**15


def fill(count: int) -> None:
    """Add so many of everything to what is there."""
    Settings.objects.update(max_running_programs=None, max_locations=None, has_leaderboard=True)
    for number in range(count):
        _place(number)
        _programs(number)
    _levels()
    _people(count)
    _findings(count)


def _place(number: int) -> None:
    Location.objects.create(name=f"Branch {number}", time_zone="Europe/Berlin")
    till(f"Till {number}")
    StaffMember.objects.create(name=f"Help {number}", role=Role.STAFF)


def _programs(number: int) -> None:
    """One of each kind, with a button and two visits."""
    simple = Mechanic(BonusModel.STAMP_COUNT, Mode.SIMPLE, StampMode.PER_VISIT, threshold=1)
    spent = Mechanic(
        BonusModel.QUALIFIED_VISIT, Mode.TIERED, StampMode.PER_VISIT, threshold=1, minimum=100
    )
    matched = Mechanic(BonusModel.STAMP_COUNT, Mode.TIERED, StampMode.PER_VISIT, threshold=1)
    gives = NewProgram(
        f"Simple {number}", "EUR", simple, prices=PRICES, gives="Cake", switches=_SWITCHES
    )
    for wanted in (
        gives,
        NewProgram(f"Spent {number}", "EUR", spent, prices=PRICES, menu=_MENU),
        NewProgram(f"Matched {number}", "EUR", matched, prices=PRICES, menu=_MENU),
    ):
        program = publish_program(wanted, actor=OWNER)
        program.locations.set([place().location_id])
        product = program.products.order_by("id").first()
        Preset.objects.create(program=program, name="Tap", product=product)
        sale: dict[str, Any] = {"amount": 500} if wanted.mechanic is spent else {}
        if wanted.mechanic is matched:
            sale = {"product_id": product.pk if product else 0}
        for _ in range(2):
            sold(program, **sale)


def _levels() -> None:
    if not Level.objects.exists():
        Level.objects.create(name="Bronze", threshold=1, gift={"percent": 5, "title": "5 %"})


def _people(count: int) -> None:
    """Customers with a nickname who stayed away, and credits that Ann did not get."""
    started = Event.objects.order_by("-id").values_list("id", flat=True).first() or 0
    free = max(started, _FIRST_EVENT) + 1
    ann, version = as_customer(ANN).id, Program.objects.order_by("id").first()
    assert version
    last = now() - timedelta(days=60)
    for number in range(count):
        email = f"away{free}{number}@alpha.example"
        who = Customer.objects.create(
            id=free + number,
            email=email,
            created_at=last,
            nickname=f"Guest {free}{number}",
            nickname_skeleton=f"guest{free}{number}",
            absent_since=last,
        )
        Event.objects.create(
            id=free + 2 * number,
            kind=EventKind.ABSENT,
            at=now(),
            customer_id=who.pk,
            details={"last_visit": last.isoformat(), "since": now().isoformat(), "visits": 3},
        )
        Event.objects.create(
            id=free + 2 * number + 1,
            kind=EventKind.REFUSED,
            at=now(),
            code="DAILY_CAP",
            customer_id=ann,
            session_id=free + number,
            version_id=version.current_id,
            location_id=place().location_id,
            details={"limit": 3},
        )


def _findings(count: int) -> None:
    sessions = list(EarnSession.objects.order_by("-id").values_list("id", flat=True)[: 4 * count])
    device = till("Found").id
    for number in range(count):
        Anomaly.objects.create(
            kind="often",
            subject=f"s{sessions[0]}-{number}",
            fingerprint=f"f{sessions[0]}-{number}",
            at=now(),
            location_id=place().location_id,
            staff_id=as_staff().id,
            device_id=device,
            evidence={"sessions": sorted(sessions[number * 4 :][:4]), "count": 4, "hours": 24},
            status="approved",
            decided_by=as_staff(Role.MANAGER).id,
            decided_at=now(),
        )


def counted() -> dict[str, int]:
    """How many there are of what was added."""
    kinds = (Program, Location, Tier, Preset, Anomaly, StaffMember, Event, Customer)
    return {kind.__name__: kind.objects.count() for kind in kinds}
