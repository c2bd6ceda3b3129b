"""Lives of a business with budgets, beside a count that asks neither the flags nor the rules.

Whatever was sold, imported, granted late, given, taken back and put back: each budget counts its
bonuses exactly, gives none too many at the counter, and refuses nothing else.
"""

from collections import defaultdict
from contextlib import suppress
from dataclasses import dataclass, field
from datetime import UTC, datetime, timedelta
from pathlib import Path
from typing import Any

import pytest
from django.db import connection, transaction
from hypothesis import HealthCheck, given, settings
from hypothesis import strategies as st

from loyalty.base.errors import ProgramBudgetSpent as Spent
from loyalty.base.values import BonusModel, Mechanic, Mode, Role, StampMode
from loyalty.books.whole_books import wrong_in_all
from loyalty.levels.limits import NewLevel, NewLevelTable
from loyalty.levels.set_levels import set_levels
from loyalty.models import Bonus, EarnSession, Program, ProgramBudget
from loyalty.programs.budget import Budget
from loyalty.programs.publish_program import NewProgram, publish_program
from loyalty.switches import Reward, StreakRule, Switches
from loyalty.undoing.void_session import void_session
from tests.factories.history import importing
from tests.factories.people import OWNER, as_staff, customer
from tests.factories.undoing import given_to, granted, queued, refund, sold

pytestmark = pytest.mark.django_db
START = datetime(2027, 5, 3, 8, tzinfo=UTC)
EMAILS = ("ann@alpha.example", "ann+1@alpha.example", "bob@alpha.example")
WORTH = 300
GIFT = Reward(amount=WORTH, worth=WORTH)
SWITCHES = Switches(
    points=5, card=GIFT, welcome=GIFT, streak=StreakRule(window=2, threshold=2, gift=GIFT)
)
SILVER = NewLevelTable((NewLevel("Silver", 12, gift=Reward(percent=10)),))
picks, who, where = st.integers(0, 9), st.integers(0, 2), st.integers(0, 1)
deeds = st.one_of(
    st.tuples(st.just("sell"), who, where),
    st.tuples(st.just("sell"), who, where),
    st.tuples(st.sampled_from(["bring", "queue"]), who, where),
    st.tuples(st.just("grant"), who),
    st.tuples(st.sampled_from(["undo", "undo", "give", "refund"]), picks),
    st.tuples(st.sampled_from(["wait", "drop_levels"])),
)


@dataclass
class Life:
    """What happened, and what each program's budget has to have counted."""

    folder: Path
    programs: list[Program]
    most: int
    now: datetime = START
    given: list[int] = field(default_factory=list)
    known: dict[int, str] = field(default_factory=dict)
    counts: defaultdict[int, int] = field(default_factory=lambda: defaultdict(int))
    inside: set[int] = field(default_factory=set)

    def clock(self, more: timedelta) -> None:
        """It is so much later."""
        self.now += more
        with connection.cursor() as cursor:
            cursor.execute("UPDATE public.test_clock SET frozen = %s", [self.now])

    def wait(self) -> None:
        """Another day."""
        self.clock(timedelta(days=1))

    def sell(self, email: int, program: int) -> None:
        """At the counter, where the budget may refuse it."""
        with suppress(Spent):
            sold(EMAILS[email], self.programs[program], {"amount": 500})

    def queue(self, email: int, program: int) -> None:
        """A sale that waits for the address."""
        with suppress(Spent):
            queued(EMAILS[email], self.programs[program], {"amount": 500})

    def grant(self, email: int) -> None:
        """Sign in."""
        # Three mails an hour go to one address.
        self.clock(timedelta(hours=1))
        granted(EMAILS[email])

    def bring(self, email: int, program: int) -> None:
        """Import a visit of long ago."""
        visits = EarnSession.objects.filter(import_key__isnull=False).count()
        at = datetime(2024, 1, 1, 12, tzinfo=UTC) + timedelta(days=visits)
        row = f"{EMAILS[email]},{at:%Y-%m-%dT%H:%M},5.00"
        importing(self.folder, f"email,time,amount\n{row}\n", self.programs[program])

    def undo(self, pick: int) -> None:
        """A manager takes a sale back."""
        stand = EarnSession.objects.filter(status="collected").order_by("pk")
        if stand:
            session = stand[pick % len(stand)].pk
            void_session(session, actor=as_staff(Role.MANAGER), reason="a mistake")

    def give(self, pick: int) -> None:
        """Staff give a bonus that waits."""
        waiting = Bonus.objects.filter(status="waiting").order_by("pk")
        if waiting:
            self.given.append(given_to(waiting[pick % len(waiting)]))

    def refund(self, pick: int) -> None:
        """A manager puts one back."""
        if self.given:
            assert refund(self.given.pop(pick % len(self.given))) == "refunded"

    def drop_levels(self) -> None:
        """The owner removes the levels."""
        set_levels(NewLevelTable(()), actor=as_staff(Role.OWNER))

    def count(self, deed: str) -> None:
        """Follow what the deed did to the bonuses that are there."""
        found = list(Bonus.objects.select_related("card", "session").order_by("pk"))
        for bonus in found:
            if bonus.status == "void" and self.known.get(bonus.pk, "void") != "void":
                self.counts[bonus.card.program_id] -= bonus.pk in self.inside
                self.inside.discard(bonus.pk)
        for bonus in found:
            if bonus.status != "void" and bonus.pk not in self.known and _is_paid(bonus):
                program = bonus.card.program_id
                has_room = self.counts[program] < self.most
                assert has_room or deed != "sell"
                self.counts[program] += has_room
                # Of two that came at once either may be the one that had the last room.
                self.inside |= {bonus.pk} if bonus.counted_in_budget else set()
        self.known = {bonus.pk: bonus.status for bonus in found}
        said = defaultdict[int, int](int)
        for bonus in found:
            said[bonus.card.program_id] += bonus.pk in self.inside
        for budget in ProgramBudget.objects.all():
            program = budget.program_id
            assert budget.bonuses == self.counts[program] == said[program] <= self.most
            assert budget.worth == budget.bonuses * WORTH


def _is_paid(bonus: Bonus) -> bool:
    return bonus.source != "level" and not (bonus.session and bonus.session.import_key)


@given(st.integers(0, 3), st.lists(deeds, min_size=3, max_size=12))
@settings(
    max_examples=40, deadline=None, suppress_health_check=[HealthCheck.function_scoped_fixture]
)
def test_each_budget_counts_its_bonuses(
    tmp_path: Path, most: int, drawn: list[tuple[Any, ...]]
) -> None:
    with transaction.atomic():
        _play(tmp_path, most, drawn)
        transaction.set_rollback(True)


def _play(folder: Path, most: int, drawn: list[tuple[Any, ...]]) -> None:
    set_levels(SILVER, actor=as_staff(Role.OWNER))
    budgets = (Budget(most_bonuses=most), Budget(most_worth=most * WORTH))
    life = Life(folder, [_program(budget) for budget in budgets], most)
    for email in EMAILS:
        customer(email)
    for deed, *how in drawn:
        life.clock(timedelta(minutes=5))
        getattr(life, deed)(*how)
        life.count(deed)
    assert wrong_in_all() == []


def _program(budget: Budget) -> Program:
    rules = Mechanic(
        BonusModel.AMOUNT_STEP, Mode.SIMPLE, StampMode.PER_AMOUNT, threshold=2, step=500
    )
    return publish_program(
        NewProgram("S", "USD", rules, gives="A disc", switches=SWITCHES, budget=budget), actor=OWNER
    )
