"""The rows of a new session: the session itself and its line in the log."""

from dataclasses import dataclass
from typing import Any, LiteralString

from loyalty.base import tokens
from loyalty.base.states import SessionStatus
from loyalty.base.values import Sale
from loyalty.counting.sale_units import SaleUnits
from loyalty.counting.units import Menu
from loyalty.db.roundtrip import Condition, Query, insert
from loyalty.earning.sale_facts import SaleFacts
from loyalty.earning.staff_cap import SessionCap
from loyalty.events.sales import MintedDetails
from loyalty.log.lines import log_line
from loyalty.models import EarnSession
from loyalty.sessions.live_session import LiveSession

_LOCK: LiteralString = "SELECT 1 FROM loyalty_staffmember WHERE id = %s FOR NO KEY UPDATE"
_HAS_PLACE: LiteralString = (
    "NOT EXISTS (SELECT 1 FROM loyalty_earnsession WHERE staff_id = %s AND created_at > %s"
    " OFFSET %s)"
)
_IS_MADE: LiteralString = "EXISTS (SELECT 1 FROM loyalty_earnsession WHERE id = %s)"


@dataclass(frozen=True, slots=True)
class NewSession:
    """A session about to be written, and what it was made of."""

    live: LiveSession
    units: SaleUnits
    facts: SaleFacts
    sale: Sale
    menu: Menu
    salt: bytes
    device_id: int | None = None

    def shared(self) -> dict[str, Any]:
        """What the session's row and its line in the log both say."""
        return {
            "location_id": self.live.place.location_id,
            "staff_id": self.live.staff_id,
            "device_id": self.device_id,
            "preset_id": self.facts.preset_id,
            "version_id": self.facts.version_id,
            "units": self.live.units,
            "amount": self.sale.amount,
            "points": self.facts.points,
            "policy": policy(self.facts) | self.units.snapshot,
        }


@dataclass(frozen=True, slots=True)
class SessionRows:
    """The statements that write a session, in their order.

    `made` returns its id, or nothing when the cap was reached; what else is to be written with it
    goes by the same condition `only_if`.
    """

    made: Query[tuple[int]]
    only_if: Condition | None
    queries: list[Query[Any]]


def session_rows(new: NewSession, cap: SessionCap | None) -> SessionRows:
    """The rows of the session and of its line in the log.

    The staff member's row serialises their sessions while they are counted: a hundred taps at
    once for the last place make one session.
    """
    shared = new.shared()
    if cap is None:
        made = _session(new, shared)
        return SessionRows(made, None, [made, _event(new, shared)])
    staff, since = new.live.staff_id, cap.since(new.live.now)
    made = _session(new, shared, only_if=Condition(_HAS_PLACE, [staff, since, cap.limit - 1]))
    is_made = Condition(_IS_MADE, [new.live.id])
    line = _event(new, shared, only_if=is_made)
    return SessionRows(made, is_made, [Query(_LOCK, [staff]), made, line])


def policy(facts: SaleFacts) -> dict[str, object]:
    """The policy snapshot: the numbers in force; what the owner switched on is in the version."""
    limits = {
        "points": facts.switches.points or None,
        "cooldown_minutes": facts.cooldown_minutes,
        "daily_cap": facts.switches.daily_cap,
        "staff_cap": facts.staff_cap,
    }
    return {
        "version": facts.version_number,
        "session_seconds": facts.session_seconds,
        **facts.mechanic.numbers,
        **{name: value for name, value in limits.items() if value is not None},
    }


def _session(
    new: NewSession, shared: dict[str, Any], *, only_if: Condition | None = None
) -> Query[tuple[int]]:
    sale = new.sale
    row = insert(
        EarnSession,
        only_if,
        id=new.live.id,
        token_salt=new.salt,
        token_digest=tokens.digest(new.live.token or ""),
        program_id=new.live.place.program_id,
        quantity=sale.quantity,
        product_id=sale.product_id if sale.product_id in new.menu else None,
        tier_units=new.live.tier_units,
        status=SessionStatus.OPEN.value,
        created_at=new.live.now,
        expires_at=new.live.expires_at,
        **shared,
    )
    return Query(row.sql + " RETURNING id", row.params)


def _event(
    new: NewSession, shared: dict[str, Any], *, only_if: Condition | None = None
) -> Query[Any]:
    details = MintedDetails(new.sale.lines)
    return log_line(details, at=new.live.now, only_if=only_if, session_id=new.live.id, **shared)
