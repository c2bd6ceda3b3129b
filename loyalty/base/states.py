"""The states of what is stored, and the words that tell one kind of row from another.

The database's own constraints are made from them (`loyalty/models/`), in this order: a word that is
added or moved is a migration.
"""

from enum import StrEnum

# How a session or a redemption is shown whose time is over: that is judged, and never stored.
EXPIRED = "expired"


class SessionStatus(StrEnum):
    """What became of a code."""

    OPEN = "open"
    # Taken for an e-mail address whose owner has not signed in yet.
    PENDING = "pending"
    COLLECTED = "collected"
    VOIDED = "voided"


class BonusStatus(StrEnum):
    """What became of a bonus; a void one was taken back."""

    WAITING = "waiting"
    USED = "used"
    EXPIRED = "expired"
    VOID = "void"


class BonusSource(StrEnum):
    """What a bonus was earned by."""

    CARD = "card"
    STREAK = "streak"
    BIRTHDAY = "birthday"
    LEVEL = "level"
    WIN_BACK = "win_back"
    WELCOME = "welcome"
    MANUAL = "manual"
    PARTNER = "partner"


class RedemptionStatus(StrEnum):
    """What became of an attempt to use a bonus; a closed one was overdue or replaced."""

    OPEN = "open"
    CONFIRMED = "confirmed"
    CANCELLED = "cancelled"
    CLOSED = "closed"
    REFUNDED = "refunded"


class EntryKind(StrEnum):
    """What moved units in the ledger."""

    EARN = "earn"
    COMPLETE = "complete"
    FORFEIT = "forfeit"
    EXPIRE = "expire"
    VOID = "void"
    REFUND = "refund"
    ADJUST = "adjust"
    TRANSFER = "transfer"


class RunStatus(StrEnum):
    """Where a program stands, whatever its dates say."""

    DRAFT = "draft"
    RUNNING = "running"
    PAUSED = "paused"
    ARCHIVED = "archived"


class FindingKind(StrEnum):
    """The kinds of findings."""

    OFTEN = "often"
    BURST = "burst"
    HOURS = "hours"
    VOLUME = "volume"
    PIN_CLOSED = "pin_closed"
    LEVEL_HELD = "level_held"
    OWED = "owed"


class FindingStatus(StrEnum):
    """What became of a finding; of a lapsed one nothing is left to decide about."""

    OPEN = "open"
    APPROVED = "approved"
    VOIDED = "voided"
    LAPSED = "lapsed"
