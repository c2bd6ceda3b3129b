"""Caps and cooldowns of people with several addresses, beside a list that counts them plainly."""

from dataclasses import dataclass, field
from datetime import UTC, datetime, timedelta
from typing import Any

import pytest
from django.db import transaction
from hypothesis import HealthCheck, given, settings
from hypothesis import strategies as st

from loyalty.base.errors import Refused
from loyalty.models import Preset, Program
from loyalty.switches import Switches
from loyalty.undoing.void_session import void_session
from tests.factories.people import as_staff, customer, place
from tests.factories.perks import Shop, Wanted, shop
from tests.harness.clock import clock_at

pytestmark = pytest.mark.django_db
START = datetime(2027, 3, 1, 22, tzinfo=UTC)
PEOPLE = {
    "ann": ["ann@alpha.example", "ann+1@alpha.example", "ann+2@alpha.example"],
    "gus": ["gus@gmail.com", "g.u.s+x@googlemail.com"],
}
ADDRESSES = [(who, address) for who, found in PEOPLE.items() for address in found]
sales = st.tuples(
    st.sampled_from(ADDRESSES),
    st.integers(0, 1),
    st.sampled_from([0, 1, 5, 29, 30, 31, 120, 600, 1_440]),
    st.booleans() | st.just(value=False),
)


@dataclass
class Twin:
    """Every visit that counts, of whom, where and when."""

    cap: int | None
    cooldown: int | None
    visits: list[tuple[str, int, datetime]] = field(default_factory=list)

    def says(self, who: str, button: int, at: datetime) -> str:
        """What a visit of this person is answered."""
        mine = [(where, then) for person, where, then in self.visits if person == who]
        wait = timedelta(minutes=self.cooldown or 0)
        if any(where == button and at - then < wait for where, then in mine):
            return "COOLDOWN"
        # The location's day: Berlin in winter.
        day = (at + timedelta(hours=1)).date()
        today = [then for where, then in mine if (then + timedelta(hours=1)).date() == day]
        return "DAILY_CAP" if self.cap is not None and len(today) >= self.cap else "made"


@given(
    st.none() | st.integers(1, 3), st.none() | st.just(30), st.lists(sales, min_size=1, max_size=12)
)
@settings(
    max_examples=25, deadline=None, suppress_health_check=[HealthCheck.function_scoped_fixture]
)
def test_limits_count_people(cap: int | None, cooldown: int | None, drawn: list[Any]) -> None:
    with transaction.atomic():
        _play(Twin(cap, cooldown), drawn)
        transaction.set_rollback(True)


def _play(twin: Twin, drawn: list[Any]) -> None:
    cooling = {"cooldown_minutes": twin.cooldown}
    here = shop(Switches(daily_cap=twin.cap), Wanted(preset=cooling))
    other = Preset.objects.create(program=here.program, name="Other", **cooling)
    buttons = [here, Shop(Program.objects.get(pk=here.program.pk), other)]
    assert place().location_id
    for _, address in ADDRESSES:
        customer(address)
    at = START
    for (who, address), button, minutes, is_undone in drawn:
        at += timedelta(minutes=minutes, seconds=1)
        clock_at(at)
        expected = twin.says(who, button, at)
        try:
            outcome = buttons[button].visit(address)
            said = "made"
        except Refused as refused:
            said = refused.code
        assert said == expected, (who, address, at)
        if said == "made" and is_undone:
            void_session(outcome.session_id, actor=as_staff(), reason="")
        elif said == "made":
            twin.visits.append((who, button, at))
