"""The rows of a new session: the session itself and its line in the log."""

from dataclasses import asdict, dataclass
from typing import Any, LiteralString

from loyalty.base import tokens
from loyalty.base.states import SessionStatus
from loyalty.base.values import Sale
from loyalty.counting.sale_units import SaleUnits
from loyalty.counting.units import Menu
from loyalty.db.roundtrip import Query, insert
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

    @property
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


def session_rows(new: NewSession, cap: SessionCap | None) -> list[Query[Any]]:
    """The statements that write it; the last but one returns no id when the cap was reached.

    The staff member's row serialises their sessions while they are counted: a hundred taps at
    once for the last place make one session.
    """
    session, event = _session(new), _event(new)
    if cap is None:
        return [_returning(session), event]
    staff, since = new.live.staff_id, cap.since(new.live.now)
    return [
        Query(_LOCK, [staff]),
        _returning(_only_if(session, _HAS_PLACE, [staff, since, cap.limit - 1])),
        _only_if(event, _IS_MADE, [new.live.id]),
    ]


def if_made(new: NewSession, kept: list[Query[Any]]) -> list[Query[Any]]:
    """The statements that keep the answer; without a session there is none to keep."""
    return [*kept[:-1], *(_only_if(each, _IS_MADE, [new.live.id]) for each in kept[-1:])]


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
        **asdict(facts.mechanic),
        **{name: value for name, value in limits.items() if value is not None},
    }


def _session(new: NewSession) -> Query[Any]:
    sale = new.sale
    return insert(
        EarnSession,
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
        **new.shared,
    )


def _event(new: NewSession) -> Query[Any]:
    details = MintedDetails(new.sale.lines)
    return log_line(details, at=new.live.now, session_id=new.live.id, **new.shared)


def _returning(row: Query[Any]) -> Query[Any]:
    return Query(row.sql + " RETURNING id", row.params)


def _only_if(row: Query[Any], condition: LiteralString, params: list[Any]) -> Query[Any]:
    head, values = row.sql.split(" VALUES ", 1)
    places: LiteralString = values.removeprefix("(").removesuffix(")")
    return Query(f"{head} SELECT {places} WHERE {condition}", [*row.params, *params])
