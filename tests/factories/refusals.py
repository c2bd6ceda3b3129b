"""What a refusal leaves behind: nothing but a line of the log."""

from collections.abc import Callable
from typing import Any

import pytest

from loyalty.base.errors import Refused
from loyalty.earning.collect import collect
from loyalty.models import (
    Bonus,
    Card,
    Counter,
    Customer,
    EarnSession,
    Event,
    IdempotencyKey,
    LedgerEntry,
    QueuedSession,
    SignInLink,
)
from loyalty.models.program_budget import ProgramBudget
from tests.factories.people import as_customer
from tests.factories.perks import ANN, IP, Shop


def everything() -> list[Any]:
    """All but the log of refusals."""
    tables = (
        EarnSession,
        Card,
        Counter,
        LedgerEntry,
        Bonus,
        Customer,
        ProgramBudget,
        IdempotencyKey,
    )
    more = (QueuedSession, SignInLink)
    rows = [list(table.objects.order_by("pk").values()) for table in (*tables, *more)]
    return [*rows, list(Event.objects.exclude(kind="refused").order_by("id").values())]


def refused(kind: type[Refused], work: Callable[[], object]) -> Refused:
    """The refusal, having changed nothing."""
    before = everything()
    with pytest.raises(kind) as found:
        work()
    assert everything() == before
    return found.value


def decision() -> dict[str, Any]:
    """The one refusal in the log."""
    return dict(Event.objects.filter(kind="refused").values().get())


def scan_of(here: Shop, email: str = ANN) -> Callable[[], object]:
    """A scan of a session that exists already."""
    token = here.token()
    return lambda: collect(token, actor=as_customer(email), ip=IP)
