"""Lives of a person with several addresses, beside somebody who made only the sales that are left.

Whatever was sold, given, taken back and put back, and in which order: once all is put back, each
has the same welcome, birthday and level presents.
"""

from collections import Counter
from dataclasses import dataclass, field
from datetime import UTC, datetime, timedelta
from typing import Any

import pytest
from django.db import connection, transaction
from hypothesis import HealthCheck, given, settings
from hypothesis import strategies as st

from loyalty.base.values import Role
from loyalty.books.whole_books import wrong_in_all
from loyalty.levels.limits import NewLevel, NewLevelTable
from loyalty.levels.set_levels import set_levels
from loyalty.models import Bonus, Program
from loyalty.people.set_birthday import DayOfYear, set_birthday
from loyalty.switches import BirthdayRule, Reward, Switches
from loyalty.undoing.void_session import void_session
from tests.factories.history import stamp_spend
from tests.factories.people import as_customer, as_staff, customer
from tests.factories.undoing import given_to, refund, sold

pytestmark = pytest.mark.django_db
START = datetime(2027, 5, 3, 8, tzinfo=UTC)
HERE = ("ann@alpha.example", "ann+1@alpha.example", "ann+2@alpha.example")
THERE = ("bob@alpha.example", "bob+1@alpha.example", "bob+2@alpha.example")
ONCE = ("welcome", "birthday", "level")
BIRTHDAY = BirthdayRule(days_before=4, days_after=4, min_past_bonuses=0)
picks = st.integers(0, 9)
deeds = st.one_of(
    st.tuples(st.just("sell"), st.integers(0, 2), st.integers(0, 1), st.sampled_from([1, 30, 200])),
    st.tuples(st.sampled_from(["give", "undo", "undo", "refund"]), picks),
)


@dataclass
class Life:
    """The sales that stand, and the redemptions that nobody took back."""

    programs: list[Program]
    now: datetime = START
    sales: dict[int, tuple[datetime, int, int]] = field(default_factory=dict)
    given: list[int] = field(default_factory=list)

    def clock(self, at: datetime) -> None:
        """It is this late."""
        self.now = at
        with connection.cursor() as cursor:
            cursor.execute("UPDATE public.test_clock SET frozen = %s", [at])

    def sell(self, address: int, program: int, hours: int) -> None:
        """So much later than what was before."""
        self.clock(self.now + timedelta(hours=hours))
        made = sold(HERE[address], self.programs[program], {"amount": 500})
        self.sales[made] = (self.now, address, program)

    def undo(self, pick: int) -> None:
        """A manager takes one of the sales back."""
        if self.sales:
            session = list(self.sales)[pick % len(self.sales)]
            void_session(session, actor=as_staff(Role.MANAGER), reason="a mistake")
            del self.sales[session]

    def give(self, pick: int) -> None:
        """Staff give one of the presents that wait."""
        waiting = Bonus.objects.filter(status="waiting", source__in=ONCE).order_by("source", "id")
        alive = [each for each in waiting if not each.expires_at or each.expires_at > self.now]
        if alive:
            self.given.append(given_to(alive[pick % len(alive)]))

    def refund(self, pick: int) -> None:
        """A manager puts one of them back."""
        if self.given:
            assert refund(self.given.pop(pick % len(self.given))) == "refunded"


def presents(addresses: tuple[str, ...]) -> Counter[tuple[str, str]]:
    """What the person has of what one gets once."""
    found = Bonus.objects.filter(card__customer__email__in=addresses, source__in=ONCE)
    kept = found.exclude(status="void").values_list("occasion", "status")
    return Counter(kept)


@given(st.lists(deeds, min_size=2, max_size=12))
@settings(
    max_examples=40, deadline=None, suppress_health_check=[HealthCheck.function_scoped_fixture]
)
def test_a_person_has_what_the_sales_that_are_left_earn(drawn: list[tuple[Any, ...]]) -> None:
    with transaction.atomic():
        _play(drawn)
        transaction.set_rollback(True)


def _play(drawn: list[tuple[Any, ...]]) -> None:
    silver = NewLevel("Silver", 4, gift=Reward(percent=10))
    gold = NewLevel("Gold", 12, gift=Reward(percent=20))
    set_levels(NewLevelTable((silver, gold)), actor=as_staff(Role.OWNER))
    greets = Switches(points=5, welcome=Reward(text="Hi"), birthday=BIRTHDAY)
    life = Life([stamp_spend(switches=greets), stamp_spend(switches=Switches(birthday=BIRTHDAY))])
    life.clock(START)
    for email in (*HERE, *THERE):
        customer(email)
        set_birthday(DayOfYear(5, 8), actor=as_customer(email))
    for deed, *how in drawn:
        # Between cards the log has no order within a millisecond.
        life.clock(life.now + timedelta(milliseconds=5))
        getattr(life, deed)(*how)
    while life.given:
        life.clock(life.now + timedelta(milliseconds=5))
        life.refund(0)
    assert wrong_in_all() == []
    for at, address, program in life.sales.values():
        life.clock(at)
        sold(THERE[address], life.programs[program], {"amount": 500})
    assert presents(HERE) == presents(THERE), drawn
