"""What a deed at the counter reads does not grow with what was there before it."""

from collections import Counter
from collections.abc import Callable, Iterator
from contextlib import contextmanager
from datetime import timedelta
from typing import Any
from unittest.mock import patch

import pytest

from loyalty.base.values import Role
from loyalty.db import pipeline
from loyalty.db import roundtrip as trip
from loyalty.earning.collect import collect
from loyalty.earning.mint import SaleInput, mint
from loyalty.models import Card, EarnSession
from loyalty.redeeming.decide_redemption import RedemptionVerdict, decide_redemption
from loyalty.redeeming.preview_redemption import RedemptionSelector, preview_redemption
from loyalty.redeeming.request_bonus import BonusRequest, request_bonus
from loyalty.undoing.void_session import void_session
from tests.factories.people import as_customer, as_staff, place

pytestmark = pytest.mark.django_db
KEY = "k"
# Statements that read the last ten of something have read ten by then.
FEW, MANY = 11, 4
Read = dict[tuple[str, str], int]


@contextmanager
def rows_read(into: Counter[tuple[str, str]], deed: str) -> Iterator[None]:
    """Counts the rows that each statement of the product's own round trips brings."""
    run = pipeline.run

    def counted(raw: Any, plans: Any, statements: Any) -> Any:
        found = run(raw, plans, statements)
        for statement, rows in zip(statements, found, strict=True):
            into[deed, statement.sql] += len(rows)
        return found

    with patch.object(trip, "run", counted):
        yield


def live_once() -> Read:
    """Five sales fill the card, its bonus is used up, and one more sale is taken back."""
    read: Counter[tuple[str, str]] = Counter()
    where, guest, staff = place(), as_customer("ann@alpha.example"), as_staff()
    wanted = SaleInput(where.program_id, where.location_id)
    for _ in range(6):
        with rows_read(read, "mint"):
            token = mint(wanted, actor=staff, token_key=KEY).token or ""
        with rows_read(read, "collect"):
            outcome = collect(token, actor=guest, ip="192.0.2.1")
    last = EarnSession.objects.order_by("id").last()
    assert last is not None
    with rows_read(read, "void"):
        void_session(last.pk, actor=as_staff(Role.MANAGER), reason="wrong tap")
    card = Card.objects.get(pk=outcome.card.id)
    with rows_read(read, "request"):
        live = request_bonus(BonusRequest(card.pk), actor=guest, token_key=KEY)
    with rows_read(read, "preview"):
        preview_redemption(
            RedemptionSelector(token=live.token),
            location_id=where.location_id,
            actor=staff,
            ip="192.0.2.1",
            token_key=KEY,
        )
    with rows_read(read, "confirm"):
        decide_redemption(
            RedemptionSelector(redemption_id=live.id),
            RedemptionVerdict.CONFIRMED,
            location_id=where.location_id,
            actor=staff,
            ip="192.0.2.1",
        )
    return read


def test_no_deed_reads_more_after_a_long_past(move_clock: Callable[[timedelta], None]) -> None:
    lives = []
    for day in range(FEW + MANY):
        move_clock(timedelta(days=day))
        lives.append(live_once())
    young, old = lives[FEW], lives[-1]
    assert old.keys() == young.keys()
    grown = {name: (young[name], old[name]) for name in old if old[name] > young[name]}
    assert grown == {}
    assert sum(young.values()) > 100
