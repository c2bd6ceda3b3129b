"""Staff tap: a live session is made for one sale."""

import secrets
from dataclasses import asdict, dataclass
from datetime import datetime, timedelta
from typing import Any

from loyalty import tokens
from loyalty.database_errors import once_more
from loyalty.errors import NotAtThisLocation, NotFound, ProgramNotRunning, ScanCap
from loyalty.events import EventKind
from loyalty.idempotency import Repeatable
from loyalty.models import EarnSession, Event
from loyalty.queries.live_session import LiveSession, live_session
from loyalty.queries.sale_facts import SaleFacts, sale_facts
from loyalty.rules import units
from loyalty.trip import Ask, clock, insert, transaction, trip
from loyalty.values import Sale, StaffActor, Surplus

# The cards that one scan may fill.
MOST_CARDS = 100


@dataclass(frozen=True, slots=True)
class SaleInput:
    """What staff tapped or entered; amounts in minor units."""

    program_id: int
    location_id: int
    preset_id: int | None = None
    quantity: int | None = None
    amount: int | None = None


@dataclass(frozen=True, slots=True)
class Preview:
    """What a sale earns by itself; `missing` minor units until the visit qualifies."""

    units: int
    missing: int
    completes_cards: int


@once_more
def mint(
    wanted: SaleInput, *, actor: StaffActor, token_key: str, idempotency_key: str | None = None
) -> LiveSession:
    """A new session with its one-time token, live for the business's lifetime (90 s by default).

    Raises NotFound, ProgramNotRunning, NotAtThisLocation, BelowMinimum, NothingToEarn, ScanCap,
    InvalidInput or KeyReused.
    """
    repeatable = Repeatable(idempotency_key, actor=actor.key, wanted=asdict(wanted))
    facts, now = _read(wanted, repeatable)
    if earlier := repeatable.earlier_answer(now=now):
        return live_session(int(earlier["session"]), token_key=token_key)
    _may_mint_here(facts, wanted)
    earned = units.earned(facts.mechanic, _sale(facts, wanted))
    _check_size(facts, earned)
    salt = secrets.token_bytes(tokens.SALT_BYTES)
    session = LiveSession(
        id=tokens.ordered_id(now, random=secrets.randbits(21)),
        status="open",
        units=earned,
        threshold=facts.mechanic.threshold,
        token=tokens.derive(token_key, salt, purpose="session"),
        site_url=facts.site_url,
        staff_id=actor.id,
        expires_at=now + timedelta(seconds=facts.session_seconds),
        now=now,
    )
    # Nothing to lock: no other request knows this session yet.
    with transaction() as tx:
        tx.finish(
            *_rows(session, facts=facts, wanted=wanted, salt=salt),
            *repeatable.keep({"session": session.id}, now=now),
        )
    return session


def preview(wanted: SaleInput) -> Preview:
    """What the sale would earn, for the dry run; raises what `mint` does, but not BelowMinimum."""
    facts, _ = _read(wanted, None)
    _may_mint_here(facts, wanted)
    sale = _sale(facts, wanted)
    if missing := units.missing_for_minimum(facts.mechanic, sale):
        return Preview(units=0, missing=missing, completes_cards=0)
    earned = units.earned(facts.mechanic, sale)
    return Preview(units=earned, missing=0, completes_cards=earned // facts.mechanic.threshold)


def _read(wanted: SaleInput, repeatable: Repeatable | None) -> tuple[SaleFacts, datetime]:
    facts = sale_facts(
        program_id=wanted.program_id, location_id=wanted.location_id, preset_id=wanted.preset_id
    )
    now = clock()
    trip(facts, now, *(repeatable.asks() if repeatable else []))
    if facts.first is None:
        raise NotFound(details={"field": "programId or locationId"})
    return facts.first, now.only


def _may_mint_here(facts: SaleFacts, wanted: SaleInput) -> None:
    if facts.status != "running":
        raise ProgramNotRunning
    if facts.location_is_archived:
        raise NotAtThisLocation
    if wanted.preset_id is None:
        return
    if facts.preset_id is None or facts.preset_program_id != wanted.program_id:
        raise NotFound(details={"field": "presetId"})
    if facts.preset_location_id not in {None, wanted.location_id}:
        raise NotAtThisLocation


def _check_size(facts: SaleFacts, earned: int) -> None:
    # A typing mistake, not a sale: refused here, where somebody can correct it.
    if earned // facts.mechanic.threshold > MOST_CARDS and _carries(facts):
        raise ScanCap(details={"limit": facts.mechanic.threshold * MOST_CARDS})


def _carries(facts: SaleFacts) -> bool:
    return facts.mechanic.surplus is Surplus.CARRY


def _sale(facts: SaleFacts, wanted: SaleInput) -> Sale:
    # What staff typed goes before what the preset fixes.
    return Sale(
        quantity=facts.preset_quantity if wanted.quantity is None else wanted.quantity,
        amount=facts.preset_amount if wanted.amount is None else wanted.amount,
    )


def _policy(facts: SaleFacts) -> dict[str, object]:
    return {
        "version": facts.version_number,
        "session_seconds": facts.session_seconds,
        **asdict(facts.mechanic),
    }


def _rows(
    session: LiveSession, *, facts: SaleFacts, wanted: SaleInput, salt: bytes
) -> tuple[Ask[Any], Ask[Any]]:
    sale = _sale(facts, wanted)
    both: dict[str, Any] = {
        "location_id": wanted.location_id,
        "staff_id": session.staff_id,
        "preset_id": facts.preset_id,
        "version_id": facts.version_id,
        "units": session.units,
        "amount": sale.amount,
        "points": facts.points,
        "policy": _policy(facts),
    }
    made = insert(
        EarnSession,
        id=session.id,
        token_salt=salt,
        token_digest=tokens.digest(session.token or ""),
        program_id=wanted.program_id,
        quantity=sale.quantity,
        status="open",
        created_at=session.now,
        expires_at=session.expires_at,
        **both,
    )
    event = tokens.ordered_id(session.now, random=secrets.randbits(21))
    kind, at = EventKind.MINTED, session.now
    return made, insert(Event, id=event, kind=kind, at=at, session_id=session.id, **both)
