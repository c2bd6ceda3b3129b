"""Staff tap: a live session is made for one sale."""

import secrets
from dataclasses import asdict, dataclass
from datetime import datetime, timedelta
from typing import Any

from loyalty.base import access, tokens
from loyalty.base.access import Permission
from loyalty.base.errors import (
    BelowMinimum,
    NotAtThisLocation,
    NotFound,
    PlanLimit,
    ProgramNotRunning,
    Refused,
    ScanCap,
)
from loyalty.base.states import RunStatus, SessionStatus
from loyalty.base.values import AtDevice, Preview, Sale, SaleLine, StaffActor
from loyalty.counting import units
from loyalty.counting.completion import completed_alone
from loyalty.counting.sale_arguments import check_arguments
from loyalty.counting.sale_size import check_amount
from loyalty.counting.sale_units import ProgramRules, SaleUnits, TappedSale, tapped_units
from loyalty.counting.units import Menu
from loyalty.db.database_errors import retry_once
from loyalty.db.ids import new_id
from loyalty.db.roundtrip import Query, clock, send, transaction
from loyalty.devices.device_place import check_place
from loyalty.earning.mint_rows import NewSession, session_rows
from loyalty.earning.refused_mint import keep_refused_mint
from loyalty.earning.sale_facts import SaleFacts, menu_of, nth_newest_of, sale_facts
from loyalty.earning.staff_cap import SessionCap, check_staff_cap
from loyalty.guards.idempotency import RepeatableRequest
from loyalty.programs.budget import check_budget
from loyalty.sessions.live_session import LiveSession, SaleOrigin, live_session, stored


@dataclass(frozen=True, slots=True)
class SaleInput:
    """What staff tapped or entered; amounts in minor units."""

    # None: the preset's.
    program_id: int | None
    location_id: int
    preset_id: int | None = None
    quantity: int | None = None
    amount: int | None = None
    product_id: int | None = None
    lines: tuple[SaleLine, ...] = ()


@dataclass(frozen=True, slots=True)
class _MintFacts:
    facts: SaleFacts
    menu: Menu
    sale: Sale
    now: datetime
    nth_newest: datetime | None

    @property
    def cap(self) -> SessionCap | None:
        limit = self.facts.staff_cap
        return None if limit is None else SessionCap(limit, self.facts.staff_cap_minutes)


def mint(
    wanted: SaleInput, *, actor: StaffActor, token_key: str, idempotency_key: str | None = None
) -> LiveSession:
    """A new session with its one-time token, live for the business's lifetime (90 s by default).

    Raises NotFound, ProgramNotRunning, PlanLimit (a program that is not among the oldest, as many
    as the plan lets run), NotAtThisLocation, KeyReused, StaffCap, ProgramBudgetSpent, or what the
    sale itself is refused for (`loyalty/counting/units.py` and `sale_*.py` beside it).
    """
    access.require(actor, Permission.MINT)
    # Anybody who lost the race for the last place under the cap reads again, and is told so.
    return _mint(wanted, actor, token_key, idempotency_key) or mint(
        wanted, actor=actor, token_key=token_key, idempotency_key=idempotency_key
    )


@retry_once
def _mint(
    wanted: SaleInput, actor: StaffActor, token_key: str, idempotency_key: str | None
) -> LiveSession | None:
    repeatable = RepeatableRequest(idempotency_key, actor=actor.key, wanted=lambda: asdict(wanted))
    read = _read(wanted, repeatable, staff_id=actor.id)
    if earlier := repeatable.earlier_answer(now=read.now):
        return live_session(int(earlier["session"]), actor=actor, token_key=token_key)
    _check_may_mint_here(read, wanted, actor.device)
    _check_sale(read, wanted)
    earned = _earned(read)
    _check_policies(read, wanted, actor)
    new = _session(read, wanted, earned, actor=actor, token_key=token_key)
    # Nothing else to lock: no other request knows this session yet.
    with transaction() as tx:
        rows = session_rows(new, read.cap)
        answer = {"session": new.live.id}
        kept = repeatable.keep(answer, now=read.now, only_if=rows.only_if)
        tx.finish(*rows.queries, *kept)
    return new.live if rows.made.first else None


def preview(wanted: SaleInput, *, actor: StaffActor) -> Preview:
    """What the sale would earn, for the dry run; raises what `mint` does.

    But not BelowMinimum, which it tells, and not StaffCap, which may be over when the sale is made.
    """
    access.require(actor, Permission.MINT)
    read = _read(wanted, None, staff_id=0)
    _check_may_mint_here(read, wanted, actor.device)
    _check_sale(read, wanted)
    check_budget(read.facts.budget, bonuses=1, worth=0)
    mechanic = read.facts.mechanic
    if missing := units.missing_for_minimum(mechanic, read.sale):
        said = (0, None, read.facts.currency, mechanic.counts_money)
        return Preview((), missing, 0, *said)
    earned = _earned(read)
    by_counter = units.each(earned.by_counter)
    return Preview(
        units=by_counter,
        missing=0,
        completes_cards=completed_alone(mechanic, by_counter),
        counted=earned.counted,
        limit=earned.total if earned.counted > earned.total else None,
        currency=read.facts.currency,
        counts_money=mechanic.counts_money,
    )


def _check_sale(read: _MintFacts, wanted: SaleInput) -> None:
    # A preset may fix more than the program counts; staff who type it expect it to count.
    typed = Sale(wanted.quantity, wanted.amount, wanted.product_id, wanted.lines)
    check_arguments(read.facts.mechanic, typed, read.menu)
    check_amount(read.sale.amount, currency=read.facts.currency)


def _earned(read: _MintFacts) -> SaleUnits:
    mechanic = read.facts.mechanic
    rules = ProgramRules(mechanic, read.facts.switches)
    try:
        return tapped_units(rules, TappedSale(read.sale, read.now, read.facts.zone), read.menu)
    except (BelowMinimum, ScanCap) as refused:
        # The rule knows numbers alone; anybody who reads it wants to know of what.
        if refused.code == BelowMinimum.code or mechanic.counts_money:
            refused.details["currency"] = read.facts.currency
        raise


def _read(wanted: SaleInput, repeatable: RepeatableRequest | None, *, staff_id: int) -> _MintFacts:
    facts = sale_facts(
        program_id=wanted.program_id, location_id=wanted.location_id, preset_id=wanted.preset_id
    )
    items = menu_of(wanted.program_id, preset_id=wanted.preset_id)
    now, nth = clock(), nth_newest_of(staff_id)
    send(facts, items, now, nth, *(repeatable.queries() if repeatable else []))
    if facts.first is None:
        raise NotFound(details={"field": _missing(wanted)})
    sale = _sale(facts.first, wanted)
    return _MintFacts(facts.first, units.menu(items.rows), sale, now.only, nth.first)


def _missing(wanted: SaleInput) -> str:
    # Only who is refused waits for this second look.
    where = Query[Any]("SELECT 1 FROM loyalty_location WHERE id = %s", [wanted.location_id])
    send(where)
    if where.first is None:
        return "locationId"
    return "presetId" if wanted.program_id is None else "programId"


def _check_policies(read: _MintFacts, wanted: SaleInput, actor: StaffActor) -> None:
    try:
        check_staff_cap(read.cap, nth_newest=read.nth_newest, now=read.now)
        check_budget(read.facts.budget, bonuses=1, worth=0)
    except Refused as refused:
        keep_refused_mint(read.facts, refused, actor, location_id=wanted.location_id, now=read.now)
        raise


def _session(
    read: _MintFacts,
    wanted: SaleInput,
    earned: SaleUnits,
    *,
    actor: StaffActor,
    token_key: str,
) -> NewSession:
    salt = secrets.token_bytes(tokens.SALT_BYTES)
    live = LiveSession(
        id=new_id(read.now),
        status=SessionStatus.OPEN.value,
        units=earned.total,
        mechanic=read.facts.mechanic,
        token=tokens.derive(token_key, salt, purpose="session"),
        site_url=read.facts.site_url,
        staff_id=actor.id,
        expires_at=read.now + timedelta(seconds=read.facts.session_seconds),
        now=read.now,
        place=SaleOrigin(read.facts.program_id, wanted.location_id, read.facts.preset_id, read.now),
        counted=earned.counted,
        currency=read.facts.currency,
        tier_units=stored(units.each(earned.by_counter)),
    )
    return NewSession(live, earned, read.facts, read.sale, read.menu, salt, actor.device_id)


def _check_may_mint_here(read: _MintFacts, wanted: SaleInput, device: AtDevice | None) -> None:
    facts = read.facts
    check_place(device, location_id=wanted.location_id)
    if facts.status != RunStatus.RUNNING:
        raise ProgramNotRunning(details={"what": "stopped"})
    if facts.starts_at and read.now < facts.starts_at:
        raise ProgramNotRunning(retry_at=facts.starts_at, details={"what": "not_begun"})
    if facts.ends_at and read.now >= facts.ends_at:
        raise ProgramNotRunning(details={"what": "over"})
    if facts.most_programs is not None and facts.older_programs >= facts.most_programs:
        # The oldest run, as many as the plan allows.
        raise PlanLimit(details={"what": "running programs", "limit": facts.most_programs})
    if not facts.runs_here:
        raise NotAtThisLocation(details={"what": "program"})
    if wanted.preset_id is None:
        return
    if facts.preset_id is None or facts.preset_program_id != facts.program_id:
        raise NotFound(details={"field": "presetId"})
    if facts.preset_location_id not in {None, wanted.location_id}:
        raise NotAtThisLocation(details={"what": "preset"})


def _sale(facts: SaleFacts, wanted: SaleInput) -> Sale:
    # What staff typed goes before what the preset fixes.
    return Sale(
        quantity=facts.preset_quantity if wanted.quantity is None else wanted.quantity,
        amount=facts.preset_amount if wanted.amount is None else wanted.amount,
        product_id=facts.preset_product_id if wanted.product_id is None else wanted.product_id,
        lines=wanted.lines or _preset_line(facts),
    )


def _preset_line(facts: SaleFacts) -> tuple[SaleLine, ...]:
    # A tile that fixes a product is a receipt of one line.
    if facts.preset_product_id is None:
        return ()
    return (SaleLine(facts.preset_product_id, facts.preset_quantity or 1),)
