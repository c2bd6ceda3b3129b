"""A request whose time is up ends before its next statement, and leaves nothing half written."""

from collections.abc import Callable

import pytest
from django.db import connection, transaction

from loyalty import deadline
from loyalty.actions.collect import collect
from loyalty.actions.mint import SaleInput, mint
from loyalty.actions.request_bonus import Request, request_bonus
from loyalty.actions.void_session import void_session
from loyalty.deadline import Deadline, TimeIsUpError
from loyalty.models import Card, Location
from loyalty.trip import database_now
from loyalty.values import Role
from tests.findings import everything
from tests.people import as_customer, as_staff, place
from tests.sales import ANN, IP, KEY, made, sold

pytestmark = pytest.mark.usefixtures("own_database")


class After(Deadline):
    """Over when it was asked so often."""

    def __init__(self, times: int) -> None:
        super().__init__()
        self.left = times

    def check(self) -> None:
        if self.left == 0:
            self.abandon()
        self.left -= 1
        super().check()


def _collect() -> Callable[[], object]:
    _, token = made()
    return lambda: collect(token, actor=as_customer(ANN), ip=IP)


def _mint() -> Callable[[], object]:
    sale, staff = SaleInput(place().program_id, place().location_id), as_staff()
    return lambda: mint(sale, actor=staff, token_key=KEY)


def _void() -> Callable[[], object]:
    session, manager = sold(), as_staff(Role.MANAGER)
    return lambda: void_session(session, actor=manager, reason="Wrong")


def _request() -> Callable[[], object]:
    for _ in range(5):
        sold()
    card, ann = Card.objects.get(), as_customer(ANN)
    return lambda: request_bonus(Request(card.pk), actor=ann, token_key=KEY)


@pytest.mark.parametrize("made_ready", [_collect, _mint, _void, _request])
def test_it_may_end_before_any_statement(made_ready: Callable[[], Callable[[], object]]) -> None:
    """Ended before the first, the second, … statement: nothing has changed; then it works."""
    work = made_ready()
    before, ended = everything(), 0
    while True:
        try:
            with deadline.within(After(ended)):
                work()
        except TimeIsUpError:
            assert everything() == before
            assert not connection.in_atomic_block
            ended += 1
        else:
            break
    assert ended >= 2
    assert everything() != before


def test_statements_of_the_orm_and_round_trips_are_refused() -> None:
    with deadline.within(Deadline(0)) as mine:
        with pytest.raises(TimeIsUpError):
            Location.objects.count()
        with pytest.raises(TimeIsUpError):
            database_now()
        assert mine.was_missed
    assert Location.objects.count()


def test_what_was_begun_is_taken_back() -> None:
    mine = Deadline()

    def half() -> None:
        with transaction.atomic():
            Location.objects.create(name="Half", time_zone="UTC")
            with transaction.atomic():
                Location.objects.create(name="Quarter", time_zone="UTC")
                mine.abandon()
                Location.objects.create(name="Never", time_zone="UTC")

    with deadline.within(mine), pytest.raises(TimeIsUpError):
        half()
    assert not Location.objects.filter(name__in=["Half", "Quarter", "Never"]).exists()


def test_jobs_have_none() -> None:
    assert deadline.running() is None
    deadline.check()
