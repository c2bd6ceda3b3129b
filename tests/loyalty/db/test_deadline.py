"""A request whose time is up ends before its next statement, and leaves nothing half written."""

from collections.abc import Callable
from dataclasses import replace

import pytest
from django.db import connection, transaction

from loyalty.base.values import Role
from loyalty.db import deadline
from loyalty.db.deadline import Deadline, TimeIsUpError
from loyalty.db.roundtrip import database_now
from loyalty.earning.collect import collect
from loyalty.earning.mint import SaleInput, mint
from loyalty.models import Card, Location, Program, ProgramVersion, QueuedSession, Redemption
from loyalty.programs.mechanics import stored_mechanic
from loyalty.programs.publish_version import publish_version
from loyalty.redeeming.cancel_redemption import cancel_redemption
from loyalty.redeeming.decide_redemption import RedemptionVerdict, decide_redemption
from loyalty.redeeming.preview_redemption import RedemptionSelector
from loyalty.redeeming.refund_redemption import refund_redemption
from loyalty.redeeming.request_bonus import BonusRequest, request_bonus
from loyalty.undoing.void_session import void_session
from loyalty.waiting.queue_session import QueueAsker, queue_session
from tests.factories.findings import everything
from tests.factories.people import OWNER, as_customer, as_staff, place
from tests.factories.sales import ANN, IP, KEY, made, redeemed, sold

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
    card, ann = _full(), as_customer(ANN)
    return lambda: request_bonus(BonusRequest(card.pk), actor=ann, token_key=KEY)


def _cancel() -> Callable[[], object]:
    ann = as_customer(ANN)
    live = request_bonus(BonusRequest(_full().pk), actor=ann, token_key=KEY)
    return lambda: cancel_redemption(live.id, actor=ann, token_key=KEY)


def _confirm() -> Callable[[], object]:
    live = request_bonus(BonusRequest(_full().pk), actor=as_customer(ANN), token_key=KEY)
    which, here, staff = RedemptionSelector(token=live.token), place().location_id, as_staff()
    return lambda: decide_redemption(
        which, RedemptionVerdict.CONFIRMED, location_id=here, actor=staff, ip=IP
    )


def _refund() -> Callable[[], object]:
    given, manager = redeemed(_full()), as_staff(Role.MANAGER)
    return lambda: refund_redemption(given, reason="Spilt", actor=manager, token_key=KEY)


def _queue() -> Callable[[], object]:
    (_, token), who = made(), QueueAsker(ip=IP)
    return lambda: queue_session(token, typed="eve@alpha.example", who=who, token_key=KEY)


def _publish() -> Callable[[], object]:
    sold()
    current = ProgramVersion.objects.get(program=place().program_id)
    kinder = replace(stored_mechanic(current), threshold=4)
    return lambda: publish_version(current.program_id, kinder, actor=OWNER)


def _full() -> Card:
    for _ in range(5):
        sold()
    return Card.objects.get()


def _rows() -> list[object]:
    models = (Redemption, QueuedSession, Program, ProgramVersion)
    return everything() + [list(model.objects.order_by("pk").values()) for model in models]


@pytest.mark.parametrize(
    "made_ready",
    [_collect, _mint, _void, _request, _cancel, _confirm, _refund, _queue, _publish],
)
def test_it_may_end_before_any_statement(made_ready: Callable[[], Callable[[], object]]) -> None:
    """Ended before the first, the second, … statement: nothing has changed; then it works."""
    work = made_ready()
    before, ended = _rows(), 0
    while True:
        try:
            with deadline.within(After(ended)):
                work()
        except TimeIsUpError:
            assert _rows() == before
            assert not connection.in_atomic_block
            ended += 1
        else:
            break
    assert ended >= 2
    assert _rows() != before


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
