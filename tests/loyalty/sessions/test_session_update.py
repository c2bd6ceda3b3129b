"""What the counter hears of a session, no matter who tells it."""

from dataclasses import replace
from pathlib import Path

import pytest

from loyalty.base.values import Role
from loyalty.cards.reads import card_view
from loyalty.models import Card, EarnSession
from loyalty.sessions.live_session import live_session
from loyalty.sessions.session_update import SessionState, session_state
from loyalty.undoing.void_session import void_session
from tests.factories.history import importing, spend_total
from tests.factories.people import OWNER, as_staff
from tests.factories.sales import KEY, made, sold

pytestmark = pytest.mark.django_db


def heard(session: int) -> SessionState:
    """By a follower."""
    return session_state(live_session(session, token_key=KEY, actor=OWNER))


def counts(state: SessionState) -> tuple[str, int | None, int | None, int | None]:
    return state.status, state.units, state.bonuses, state.waiting


def test_an_undo_keeps_what_was_collected_and_says_what_waits_now() -> None:
    session = sold(spend_total(6000), amount=9000)
    collected = heard(session)
    assert counts(collected) == ("collected", 9000, 1, 1)
    told = [void_session(session, actor=as_staff(), reason=None).state for _ in range(2)]
    assert told[0] == told[1]
    assert counts(told[0]) == ("voided", 9000, 1, 0)
    assert replace(heard(session), at=told[0].at) == told[0]
    assert collected.at < told[0].at <= heard(session).at


def test_what_nobody_collected_counts_nothing() -> None:
    session, _ = made(spend_total(6000), amount=9000)
    assert counts(heard(session)) == ("open", None, None, None)
    told = void_session(session, actor=as_staff(), reason=None).state
    assert counts(told) == counts(heard(session)) == ("voided", None, None, None)


def test_an_imported_sale_says_what_waits_on_its_card(tmp_path: Path) -> None:
    text = "email,date,amount\n" + "ann@alpha.example,2026-01-{:02},60.00\n" * 3
    importing(tmp_path, text.format(1, 2, 3), spend_total(6000))
    card, session = Card.objects.get(), EarnSession.objects.earliest("collected_at")
    assert counts(heard(session.pk)) == ("collected", 6000, 1, 3)
    sold(card.program, amount=100)
    told = void_session(session.pk, actor=as_staff(Role.MANAGER), reason="twice").state
    assert counts(told) == counts(heard(session.pk)) == ("voided", 6000, 1, 2)
    assert len(card_view(card.pk, actor=OWNER).bonuses) == 2
