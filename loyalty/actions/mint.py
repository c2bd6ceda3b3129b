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
from loyalty.queries.live_session import LiveSession, live_session, stored
from loyalty.queries.sale_facts import SaleFacts, menu_of, sale_facts
from loyalty.rules import units
from loyalty.rules.completion import completed_alone
from loyalty.rules.units import Menu
from loyalty.trip import Ask, clock, insert, transaction, trip
from loyalty.values import Mechanic, Preview, Sale, SaleLine, StaffActor, Units

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
    product_id: int | None = None
    lines: tuple[SaleLine, ...] = ()


@dataclass(frozen=True, slots=True)
class _Read:
    facts: SaleFacts
    menu: Menu
    sale: Sale
    now: datetime


@once_more
def mint(
    wanted: SaleInput, *, actor: StaffActor, token_key: str, idempotency_key: str | None = None
) -> LiveSession:
    """A new session with its one-time token, live for the business's lifetime (90 s by default).

    Raises NotFound, ProgramNotRunning, NotAtThisLocation, KeyReused, or what the sale itself is
    refused for (`loyalty/rules/units.py`).
    """
    repeatable = Repeatable(idempotency_key, actor=actor.key, wanted=asdict(wanted))
    read = _read(wanted, repeatable)
    if earlier := repeatable.earlier_answer(now=read.now):
        return live_session(int(earlier["session"]), token_key=token_key)
    _may_mint_here(read, wanted)
    earned = units.earned(read.facts.mechanic, read.sale, read.menu)
    _check_size(read.facts.mechanic, earned)
    salt = secrets.token_bytes(tokens.SALT_BYTES)
    session = LiveSession(
        id=tokens.ordered_id(read.now, random=secrets.randbits(21)),
        status="open",
        units=units.total(earned),
        mechanic=read.facts.mechanic,
        token=tokens.derive(token_key, salt, purpose="session"),
        site_url=read.facts.site_url,
        staff_id=actor.id,
        expires_at=read.now + timedelta(seconds=read.facts.session_seconds),
        now=read.now,
        tier_units=stored(earned),
    )
    # Nothing to lock: no other request knows this session yet.
    with transaction() as tx:
        tx.finish(
            *_rows(session, read, wanted, salt),
            *repeatable.keep({"session": session.id}, now=read.now),
        )
    return session


def preview(wanted: SaleInput) -> Preview:
    """What the sale would earn, for the dry run; raises what `mint` does, but not BelowMinimum."""
    read = _read(wanted, None)
    _may_mint_here(read, wanted)
    mechanic = read.facts.mechanic
    if missing := units.missing_for_minimum(mechanic, read.sale):
        return Preview(units=(), missing=missing, completes_cards=0)
    earned = units.earned(mechanic, read.sale, read.menu)
    return Preview(units=earned, missing=0, completes_cards=completed_alone(mechanic, earned))


def _read(wanted: SaleInput, repeatable: Repeatable | None) -> _Read:
    facts = sale_facts(
        program_id=wanted.program_id, location_id=wanted.location_id, preset_id=wanted.preset_id
    )
    items, now = menu_of(wanted.program_id), clock()
    trip(facts, items, now, *(repeatable.asks() if repeatable else []))
    if facts.first is None:
        raise NotFound(details={"field": "programId or locationId"})
    return _Read(facts.first, units.menu(items.rows), _sale(facts.first, wanted), now.only)


def _may_mint_here(read: _Read, wanted: SaleInput) -> None:
    facts = read.facts
    if facts.status != "running":
        raise ProgramNotRunning
    if facts.starts_at and read.now < facts.starts_at:
        raise ProgramNotRunning(retry_at=facts.starts_at)
    if facts.ends_at and read.now >= facts.ends_at:
        raise ProgramNotRunning
    if not facts.runs_here:
        raise NotAtThisLocation
    if wanted.preset_id is None:
        return
    if facts.preset_id is None or facts.preset_program_id != wanted.program_id:
        raise NotFound(details={"field": "presetId"})
    if facts.preset_location_id not in {None, wanted.location_id}:
        raise NotAtThisLocation


def _check_size(mechanic: Mechanic, earned: tuple[Units, ...]) -> None:
    # A typing mistake, not a sale: refused here, where somebody can correct it.
    if completed_alone(mechanic, earned) > MOST_CARDS:
        raise ScanCap(details={"limit": mechanic.threshold * MOST_CARDS})


def _sale(facts: SaleFacts, wanted: SaleInput) -> Sale:
    # What staff typed goes before what the preset fixes.
    return Sale(
        quantity=facts.preset_quantity if wanted.quantity is None else wanted.quantity,
        amount=facts.preset_amount if wanted.amount is None else wanted.amount,
        product_id=facts.preset_product_id if wanted.product_id is None else wanted.product_id,
        lines=wanted.lines,
    )


def _rows(
    session: LiveSession, read: _Read, wanted: SaleInput, salt: bytes
) -> tuple[Ask[Any], Ask[Any]]:
    facts, sale = read.facts, read.sale
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
        product_id=sale.product_id if sale.product_id in read.menu else None,
        tier_units=session.tier_units,
        status="open",
        created_at=session.now,
        expires_at=session.expires_at,
        **both,
    )
    return made, insert(
        Event,
        id=tokens.ordered_id(session.now, random=secrets.randbits(21)),
        kind=EventKind.MINTED,
        at=session.now,
        session_id=session.id,
        details={"lines": [asdict(line) for line in sale.lines]} if sale.lines else None,
        **both,
    )


def _policy(facts: SaleFacts) -> dict[str, object]:
    return {
        "version": facts.version_number,
        "session_seconds": facts.session_seconds,
        **asdict(facts.mechanic),
    }
