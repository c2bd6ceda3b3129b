"""A redemption with what its customer and the counter see of it."""

from dataclasses import dataclass
from datetime import datetime, timedelta
from typing import LiteralString

from loyalty.base.states import EXPIRED, RedemptionStatus
from loyalty.cards.view import BONUS, BonusView
from loyalty.db.columns import columns
from loyalty.db.roundtrip import Query
from loyalty.events.redemptions import NamedRedemption

_LOCK: LiteralString = " FOR UPDATE OF r"
BY_ID: LiteralString = "r.id = %s"
BY_DIGEST: LiteralString = "r.token_digest = %s"
ON_CARD: LiteralString = "r.card_id = %s AND r.status = 'open'"
BY_PIN: LiteralString = "r.program_id = %s AND r.pin_digest = %s"
# A code lives so long, is renewed for so long after it was made,
LIVES = timedelta(seconds=90)
RESUMES = timedelta(minutes=3)
# and a PIN that ended less than three minutes ago is still told from one that nobody ever had.
STILL_TOLD = timedelta(minutes=3)
_NEWEST: LiteralString = " ORDER BY r.status = 'open' DESC, r.id DESC LIMIT 1"
_CARD: LiteralString = (
    "SELECT id FROM loyalty_card WHERE id ="
    " (SELECT r.card_id FROM loyalty_redemption r WHERE {where}) FOR UPDATE"
)


@dataclass(frozen=True, slots=True)
class RedemptionFacts:
    """The row, and the bonus that it holds."""

    id: int
    status: str
    card_id: int
    customer_id: int | None
    program_id: int
    product_id: int | None
    token_salt: bytes
    pin_turn: int | None
    created_at: datetime
    expires_at: datetime
    resume_until: datetime
    previewed_at: datetime | None
    decided_at: datetime | None
    bonus_status: str
    bonus: BonusView

    @property
    def bonus_id(self) -> int:
        """The bonus that it holds."""
        return self.bonus.id

    def is_live(self, now: datetime) -> bool:
        """True while it can be confirmed."""
        return self.status == RedemptionStatus.OPEN and now < self.expires_at

    def is_told(self, now: datetime) -> bool:
        """True while who types its PIN hears what became of it."""
        over = max(self.expires_at, self.decided_at or self.expires_at)
        return self.status == RedemptionStatus.OPEN or over > now - STILL_TOLD

    def shown_status(self, now: datetime) -> str:
        """The status as people see it: expiry is judged."""
        if self.status == RedemptionStatus.CLOSED or (
            self.status == RedemptionStatus.OPEN and now >= self.expires_at
        ):
            return EXPIRED
        return self.status

    def seconds_left(self, now: datetime) -> int:
        """Whole seconds until it dies, 0 when it is over."""
        return (
            max(0, -int((now - self.expires_at).total_seconds() // 1)) if self.is_live(now) else 0
        )

    @property
    def named(self) -> NamedRedemption:
        """What the log says of it."""
        return {"redemption": self.id, "bonus": self.bonus_id, "product": self.product_id}


_FACTS = columns(
    RedemptionFacts, "r", customer_id="c.customer_id", bonus_status="b.status", bonus=BONUS
)
_SQL: LiteralString = (
    f"SELECT {_FACTS.sql}"  # noqa: S608  our own columns
    """
  FROM loyalty_redemption r
  JOIN loyalty_bonus b ON b.id = r.bonus_id
  JOIN loyalty_card c ON c.id = r.card_id
 WHERE """
)


def card_of(where: LiteralString, *keys: object) -> Query[tuple[int]]:
    """Locks the redemption's card first, as a customer's request does: no deadlock between them."""
    return Query(_CARD.replace("{where}", where + _NEWEST), keys)


def redemption(where: LiteralString, *keys: object, lock: bool = True) -> Query[RedemptionFacts]:
    """Asks for the newest redemption that fits, and locks it."""
    ending = _NEWEST + (_LOCK if lock else "")
    return Query(_SQL + where + ending, keys, row=_FACTS.row)
