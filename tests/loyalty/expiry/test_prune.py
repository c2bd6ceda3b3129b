"""What has served its time goes; what still counts stays."""

from collections.abc import Callable
from datetime import timedelta

import pytest

from loyalty.earning.mint import SaleInput, mint
from loyalty.expiry.prune import prune
from loyalty.models import Allowance, EarnSession, IdempotencyKey, QueuedSession, SignInLink, Tally
from loyalty.waiting.queue_session import QueueAsker, queue_session
from tests.factories.people import as_staff, place

pytestmark = pytest.mark.django_db


def test_addresses_are_forgotten_when_their_time_is_over(
    move_clock: Callable[[timedelta], None],
) -> None:
    where = place()
    wanted = SaleInput(where.program_id, where.location_id)
    made = mint(wanted, actor=as_staff(), token_key="k", idempotency_key="once")
    queue_session(
        made.token or "", typed="x@y.example", who=QueueAsker(ip="192.0.2.1"), token_key="k"
    )
    move_clock(timedelta(days=6, hours=23))
    prune()
    assert QueuedSession.objects.count() == 1
    move_clock(timedelta(days=7, minutes=1))
    prune()
    for model in (QueuedSession, SignInLink, IdempotencyKey, Tally, Allowance):
        assert not model.objects.exists()
    assert EarnSession.objects.get().status == "pending"
