"""Minting: a session with everything the log needs, or a refusal and nothing."""

from collections.abc import Callable
from datetime import timedelta

import pytest

from loyalty.base import tokens
from loyalty.base.errors import KeyReused, NotAtThisLocation, NotFound, ProgramNotRunning
from loyalty.base.values import Units
from loyalty.earning.mint import SaleInput, mint, preview
from loyalty.models import EarnSession, Event, Location, Preset, Program
from loyalty.sessions.live_session import live_session
from tests.factories.people import OWNER, as_staff, place

pytestmark = pytest.mark.django_db
KEY = "a-key"


def wanted(**changes: int | None) -> SaleInput:
    where = place()
    given: dict[str, int | None] = {
        "program_id": where.program_id,
        "location_id": where.location_id,
        "preset_id": where.preset_id,
    }
    return SaleInput(**{**given, **changes})  # type: ignore[arg-type]  # each is an id


def test_a_session_is_live_for_ninety_seconds() -> None:
    made = mint(wanted(), actor=as_staff(), token_key=KEY)
    assert (made.seconds_left, made.shown_status, made.units) == (90, "open", 1)
    row = EarnSession.objects.get()
    assert row.expires_at - row.created_at == timedelta(seconds=90)
    assert Event.objects.values_list("kind", "session_id", "staff_id").get() == (
        "minted",
        made.id,
        as_staff().id,
    )


def test_the_token_is_nowhere_at_rest() -> None:
    made = mint(wanted(), actor=as_staff(), token_key=KEY)
    row = EarnSession.objects.values().get()
    assert made.token
    assert len(made.token) == 22
    assert made.token not in repr(row)
    assert bytes(row["token_digest"]) == tokens.digest(made.token)
    assert tokens.derive("another-key", bytes(row["token_salt"]), purpose="session") != made.token


def test_the_maker_can_see_it_again_while_it_is_live(
    move_clock: Callable[[timedelta], None],
) -> None:
    made = mint(wanted(), actor=as_staff(), token_key=KEY)
    assert live_session(made.id, token_key=KEY, actor=as_staff()).token == made.token
    move_clock(timedelta(seconds=91))
    later = live_session(made.id, token_key=KEY, actor=as_staff())
    assert (later.token, later.url, later.shown_status, later.seconds_left) == (
        None,
        None,
        "expired",
        0,
    )


def test_the_same_key_returns_the_same_session() -> None:
    first = mint(wanted(), actor=as_staff(), token_key=KEY, idempotency_key="k")
    again = mint(wanted(), actor=as_staff(), token_key=KEY, idempotency_key="k")
    assert (again.id, again.token) == (first.id, first.token)
    with pytest.raises(KeyReused):
        mint(wanted(preset_id=None), actor=as_staff(), token_key=KEY, idempotency_key="k")
    assert EarnSession.objects.count() == 1


def test_a_key_is_forgotten_after_a_day(move_clock: Callable[[timedelta], None]) -> None:
    first = mint(wanted(), actor=as_staff(), token_key=KEY, idempotency_key="k")
    move_clock(timedelta(hours=24, seconds=1))
    assert mint(wanted(), actor=as_staff(), token_key=KEY, idempotency_key="k").id != first.id


def test_a_dry_run_makes_nothing() -> None:
    found = preview(wanted(), actor=OWNER)
    assert (found.units, found.missing, found.completes_cards) == ((Units(None, 1),), 0, 0)
    assert not EarnSession.objects.exists()
    assert not Event.objects.exists()


@pytest.mark.parametrize("field", ["program_id", "location_id", "preset_id"])
def test_foreign_ids_are_not_found(field: str) -> None:
    with pytest.raises(NotFound):
        mint(wanted(**{field: 999_999}), actor=as_staff(), token_key=KEY)
    assert not EarnSession.objects.exists()


def test_a_paused_program_gives_nothing() -> None:
    Program.objects.update(status="paused")
    with pytest.raises(ProgramNotRunning):
        mint(wanted(), actor=as_staff(), token_key=KEY)
    assert not EarnSession.objects.exists()


def test_a_preset_of_another_location_does_not_work_here() -> None:
    Preset.objects.update(location=Location.objects.create(name="B", time_zone="UTC"))
    with pytest.raises(NotAtThisLocation):
        mint(wanted(), actor=as_staff(), token_key=KEY)
    assert not EarnSession.objects.exists()
