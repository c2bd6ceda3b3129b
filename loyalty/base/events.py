"""What happened, as the log and live subscribers hear of it."""

from enum import StrEnum


class EventKind(StrEnum):
    """The lines of the event log."""

    MINTED = "minted"
    QUEUED = "queued"
    COLLECTED = "collected"
    VOIDED = "voided"
    # An undo on another card of the customer changed points or bonuses of this one.
    RECOUNTED = "recounted"
    REQUESTED = "requested"
    CONFIRMED = "confirmed"
    CANCELLED = "cancelled"
    REFUNDED = "refunded"
    PIN_CLOSED = "pin_closed"
    REFUSED = "refused"
    EXPIRED = "expired"
    ABSENT = "absent"
    PIN_REOPENED = "pin_reopened"
    LEVELS_SET = "levels_set"
    REVIEWED = "reviewed"
    DEVICE_PAIRED = "device_paired"
    DEVICE_LOCKED = "device_locked"
    DEVICE_UNLOCKED = "device_unlocked"
    DEVICE_REVOKED = "device_revoked"
    PASSCODE_SET = "passcode_set"
    PASSCODE_WRONG = "passcode_wrong"


def session_topic(session_id: int) -> str:
    """Where news of one session is told."""
    return f"session:{session_id}"


def redemption_topic(redemption_id: int) -> str:
    """Where news of one redemption is told."""
    return f"redemption:{redemption_id}"


def card_topic(card_id: int) -> str:
    """Where news of one card is told."""
    return f"card:{card_id}"
