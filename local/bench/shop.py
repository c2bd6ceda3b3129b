"""The business that is measured: opened as a sign-up does it, with many customers and tokens."""

import os
import secrets
import sys
from collections.abc import Mapping, Sequence
from dataclasses import dataclass
from datetime import timedelta

import psycopg
from psycopg import sql

from hosting.open_business import NewBusiness, open_business
from local import process
from local.checkout import Checkout
from local.errors import LocalError
from loyalty.base import tokens
from loyalty.base.values import BonusModel, Mechanic, Mode, OverCap, Role, StampMode, SystemActor
from loyalty.db.roundtrip import clock, send
from loyalty.models import Level, Location, Preset, Program, Settings, StaffMember
from loyalty.people import open_access
from loyalty.programs import Budget, NewProgram, publish_program
from loyalty.switches import BirthdayRule, Reward, StreakRule, Switches
from tenants import context

SCHEMA, HOST = "bench", "bench.localhost"
_STAFF = 32
_CUSTOMERS = 4_000
_FLOOR_FIRST = 2**50
# Two more groups of customers, for runs that have to begin alike.
POOL = 400
# The most that a program may be asked to judge: each policy that a program can have belongs here.
_ALL_POLICIES = Mechanic(
    BonusModel.QUALIFIED_VISIT,
    Mode.SIMPLE,
    StampMode.PER_VISIT,
    threshold=5,
    minimum=500,
    max_units_per_scan=5,
    over_cap=OverCap.REFUSE,
)
# No limit that the run itself would reach: what counts is that each is judged.
_ALL_SWITCHES = Switches(
    points=1,
    streak=StreakRule(window=1, threshold=7, gift=Reward(percent=10)),
    birthday=BirthdayRule(days_before=30, days_after=30, min_past_bonuses=0),
    welcome=Reward(text="Welcome"),
    units_expire_after=12,
    bonus_valid_days=365,
    daily_cap=1_000,
)


@dataclass(frozen=True)
class Customer:
    """A signed-in customer."""

    id: int
    token: str


@dataclass(frozen=True)
class Shop:
    """All that requests need; each group of customers serves one kind of run.

    `guarded` have cards of the program with all policies, all others of the plain one.
    """

    program: int
    guarded_program: int
    location: int
    preset: int
    # The first one's sales are the floor's too, thousands a second: a cap would count them all.
    staff_tokens: list[str]
    spread: list[Customer]
    quiet: list[Customer]
    followed: list[Customer]
    guarded: list[Customer]
    diners: list[Customer]
    hot: Customer
    # Came a few thousand times already.
    regular: Customer
    # Customers of the floor have numbers in a row, so that pgbench can name them.
    floor_first: int
    floor_count: int


def owner() -> psycopg.Connection[tuple[object, ...]]:
    """A connection of the database's owner that reads the business's tables."""
    found = psycopg.connect(os.environ["DATABASE_URL"], autocommit=True)
    found.execute(sql.SQL("SET search_path = {}, public").format(sql.Identifier(SCHEMA)))
    return found


def open_shop(checkout: Checkout, *, diners: int) -> Shop:
    """A migrated database with the business in it, `diners` of its customers for redeeming.

    Raises LocalError when it cannot be made.
    """
    command = [sys.executable, "manage.py", "migrate_businesses"]
    if process.run(command, folder=checkout.root) != 0:
        raise LocalError("The database could not be prepared: see above.")
    with context.public():
        open_business(NewBusiness(SCHEMA, "Bench", HOST, plan="network"), people=())
    with context.business(SCHEMA):
        staff = _staff()
        program = Program.objects.get()
        preset, location = Preset.objects.get(), Location.objects.get()
        guarded = publish_program(_guarded(location), actor=SystemActor("the benchmark"))
        _levels()
    people = _people(2 * _CUSTOMERS + 2 * POOL + 2 + diners)
    others, eating = people[: -_CUSTOMERS - diners], people[-_CUSTOMERS - diners :]
    in_a_row = range(_FLOOR_FIRST, _FLOOR_FIRST + _CUSTOMERS)
    cards = dict.fromkeys((person.id for person in people), program)
    cards |= dict.fromkeys((person.id for person in eating[diners:]), guarded)
    cards |= dict.fromkeys(in_a_row, program)
    with owner() as connection:
        _write(connection, cards, people)
    return Shop(
        program=program.pk,
        guarded_program=guarded.pk,
        location=location.pk,
        preset=preset.pk,
        staff_tokens=staff,
        hot=others[0],
        regular=others[1],
        quiet=others[2 : POOL + 2],
        followed=others[POOL + 2 : 2 * POOL + 2],
        spread=others[2 * POOL + 2 :],
        diners=eating[:diners],
        guarded=eating[diners:],
        floor_first=_FLOOR_FIRST,
        floor_count=_CUSTOMERS,
    )


def _guarded(location: Location) -> NewProgram:
    """Runs at chosen locations and between dates, under all policies."""
    now = clock()
    send(now)
    return NewProgram(
        "Coffee with all policies",
        "EUR",
        _ALL_POLICIES,
        gives="Free coffee",
        location_ids=(location.pk,),
        starts_at=now.only - timedelta(days=1),
        ends_at=now.only + timedelta(days=1),
        switches=_ALL_SWITCHES,
        budget=Budget(most_bonuses=10**9),
    )


def _levels() -> None:
    # For the whole business, as levels are: each collect of the run climbs.
    Settings.objects.update(staff_cap=100_000, staff_cap_minutes=1, level_most_rises=1_000)
    for name, threshold in (("Bronze", 5), ("Silver", 10), ("Gold", 1_000)):
        Level.objects.create(name=name, threshold=threshold)


def _people(count: int) -> list[Customer]:
    numbers: set[int] = set()
    while len(numbers) < count:
        numbers.add(1 + secrets.randbits(40))
    return [Customer(number, secrets.token_urlsafe(32)) for number in sorted(numbers)]


def _email(number: int) -> str:
    return f"customer-{number}@bench.example"


def _staff() -> list[str]:
    now = clock()
    send(now)
    people = [
        StaffMember.objects.create(name=f"Staff {number}", role=Role.STAFF)
        for number in range(_STAFF)
    ]
    return [open_access(now=now.only, staff_id=person.pk).token for person in people]


def _write(
    connection: psycopg.Connection[tuple[object, ...]],
    cards: Mapping[int, Program],
    people: Sequence[Customer],
) -> None:
    now, tomorrow = connection.execute(
        "SELECT now()::text, (now() + interval '1 day')::text"
    ).fetchone() or ("", "")
    # Cards exist and are empty: then every collect updates one, and the books begin at nothing.
    tables: dict[str, list[tuple[object, ...]]] = {
        "customer (id, person, email, mailbox, birth_month, birth_day, language": [
            (number, number, _email(number), _email(number), 2, 29, "en") for number in cards
        ],
        "card (id, customer_id, program_id, promise_id, version, visits, points": [
            (number, number, program.pk, program.current_id, 0, 0, 0)
            for number, program in cards.items()
        ],
        "accesstoken (digest, customer_id, expires_at": [
            (tokens.digest(each.token), each.id, tomorrow) for each in people
        ],
    }
    with connection.cursor() as cursor:
        for table, rows in tables.items():
            with cursor.copy(f"COPY loyalty_{table}, created_at) FROM STDIN".encode()) as copy:
                for row in rows:
                    copy.write_row((*row, now))
    connection.execute(
        "INSERT INTO loyalty_counter (card_id, open, debt) SELECT id, 0, 0 FROM loyalty_card"
    )
    connection.execute("ANALYZE")
