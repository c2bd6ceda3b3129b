"""What is over meets collects of the same card: each unit is written off or counted, once."""

from datetime import timedelta

import pytest

from loyalty.earning.collect import collect
from loyalty.earning.mint import SaleInput, mint
from loyalty.expiry.expire import expire
from loyalty.models import Card, Counter, Event, LedgerEntry
from loyalty.switches import Switches
from tests.factories.campaigns import books_are_right, now, published, visit
from tests.factories.people import as_customer, as_staff, place
from tests.harness.at_once import Work, at_once

pytestmark = pytest.mark.usefixtures("own_database")
ROUNDS = 8


def test_expiring_and_collecting_at_once(django_db_blocker: pytest.FixtureDef[None]) -> None:
    with django_db_blocker.unblock():  # type: ignore[attr-defined]  # pytest-django's blocker
        program = published(Switches(units_expire_after=1))
        ann = as_customer("ann@alpha.example")
        visit(program)
        card = Card.objects.get(program=program)
        wanted = SaleInput(program.pk, place().location_id)
        for _ in range(ROUNDS):
            Card.objects.update(units_end_at=now() - timedelta(seconds=1))
            had = Counter.objects.get(card=card).open
            off = _written_off()
            tokens = [mint(wanted, actor=as_staff(), token_key="k").token or "" for _ in range(2)]
            scans: list[Work] = [
                lambda t=token: collect(t, actor=ann, ip="192.0.2.1")  # type: ignore[misc]
                for token in tokens
            ]
            at_once([*scans, *(lambda: expire(card.pk) for _ in range(3))])
            assert _written_off() - off == had
            assert books_are_right()
        versions = list(
            LedgerEntry.objects.filter(card=card).values_list("card_version", flat=True)
        )
        assert set(versions) == set(range(1, max(versions) + 1))
        assert Event.objects.filter(kind="collected").count() == 1 + 2 * ROUNDS


def _written_off() -> int:
    return -sum(LedgerEntry.objects.filter(kind="expire").values_list("units", flat=True))
