"""Expected refusals: each a class with a stable code; texts are made at the edge.

A refusal consumes nothing. `retry_at` says when the same request becomes possible, in UTC;
`details` carries what a sentence about it needs.
"""

from collections.abc import Mapping
from datetime import datetime
from typing import ClassVar


class Refused(Exception):  # noqa: N818  the product's word
    """Something a person may well ask for, and may not have now."""

    code: ClassVar[str]

    def __init__(
        self, *, retry_at: datetime | None = None, details: Mapping[str, str | int] | None = None
    ) -> None:
        super().__init__(self.code)
        self.retry_at = retry_at
        self.details = dict(details or {})


class InvalidInput(Refused):
    """A value has the wrong form; `details` name the `field` and, in one word, the `reason`."""

    code = "INVALID_INPUT"


class PhotoUnusable(Refused):
    """The file is no picture that can be shown; `details["reason"]` is one of photos.Reason."""

    code = "INVALID_INPUT"


class NotFound(Refused):
    """No such thing in this business; foreign ids get the same answer.

    `details["field"]` says which of the ids that were given it is, where several were.
    """

    code = "NOT_FOUND"


class KeyReused(Refused):
    """The idempotency key was used before with another input."""

    code = "KEY_REUSED"


class VersionConflict(Refused):
    """Somebody changed the thing since the caller looked at it."""

    code = "VERSION_CONFLICT"


class RateLimited(Refused):
    """Too many attempts in a while."""

    code = "RATE_LIMITED"


class BusinessSuspended(Refused):
    """The platform's operators stopped the business."""

    code = "BUSINESS_SUSPENDED"


class ProgramNotRunning(Refused):
    """The program is not running at this moment.

    `details["what"]` says why: `not_begun` (with `retry_at`), `over`, or `stopped` for a draft and
    whatever is paused or archived.
    """

    code = "PROGRAM_NOT_RUNNING"


class NotAtThisLocation(Refused):
    """The `preset`, `program` or `device` that `details["what"]` says is not of the location."""

    code = "NOT_AT_THIS_LOCATION"


class CodeUnknown(Refused):
    """The one answer to unknown, foreign and malformed tokens."""

    code = "CODE_UNKNOWN"


class SessionExpired(Refused):
    """The 90 seconds are over."""

    code = "SESSION_EXPIRED"


class AlreadyCollected(Refused):
    """Somebody else was first."""

    code = "ALREADY_COLLECTED"


class SessionVoided(Refused):
    """Staff took the session back."""

    code = "SESSION_VOIDED"


class EmailRequired(Refused):
    """Nobody is signed in and no address was given."""

    code = "EMAIL_REQUIRED"


class QueueFull(Refused):
    """As many sessions wait for the address as the business allows; one less from `retry_at` on."""

    code = "QUEUE_FULL"


class OwnSession(Refused):
    """Staff cannot collect what they made themselves."""

    code = "OWN_SESSION"


class ProductRequired(Refused):
    """The program needs to know the product sold."""

    code = "PRODUCT_REQUIRED"


class NothingToEarn(Refused):
    """The sale is worth no unit."""

    code = "NOTHING_TO_EARN"


class BelowMinimum(Refused):
    """The receipt is too small; `details`: `missing` in minor units of `currency`."""

    code = "BELOW_MINIMUM"


class ScanCap(Refused):
    """More units than one scan may give; `details["limit"]`, or so many `cards` full of them."""

    code = "SCAN_CAP"


class StaffCap(Refused):
    """A staff member made too many sessions in a while; `details`: `limit` in so many `minutes`."""

    code = "STAFF_CAP"


class Cooldown(Refused):
    """The same preset was collected by this customer less than `details["minutes"]` ago."""

    code = "COOLDOWN"


class DailyCap(Refused):
    """The customer's visits of this day are used up; `details["limit"]`."""

    code = "DAILY_CAP"


class ProgramBudgetSpent(Refused):
    """The program has given all that it may."""

    code = "PROGRAM_BUDGET"


class ProductUnavailable(Refused):
    """The product is archived, or not the program's; where `what` is `lines`, all of them are."""

    code = "PRODUCT_UNAVAILABLE"


class ConfigurationInvalid(Refused):
    """The numbers or modes of a program do not go together; `details["reason"]` says why."""

    code = "INVALID_INPUT"


class PlanLimit(Refused):
    """The plan does not include this; `details` says the limit and what is limited."""

    code = "PLAN_LIMIT"


class NoBonus(Refused):
    """No such bonus waits on the card."""

    code = "NO_BONUS"


class TierNotAllowed(Refused):
    """The product is worth more than the bonus."""

    code = "TIER_NOT_ALLOWED"


class RedemptionExpired(Refused):
    """The 90 seconds are over; nothing was given."""

    code = "REDEMPTION_EXPIRED"


class AlreadyRedeemed(Refused):
    """The bonus was given already."""

    code = "ALREADY_REDEEMED"


class RedemptionCancelled(Refused):
    """The redemption was cancelled or refunded; the bonus waits again, if its sale stands."""

    code = "REDEMPTION_CANCELLED"


class PinLocked(Refused):
    """Too many wrong PINs; scanning stays open."""

    code = "PIN_LOCKED"


class UndoTooLate(Refused):
    """Staff may take back their own sale for ten minutes; a manager still can."""

    code = "UNDO_TOO_LATE"


class SignInFailed(Refused):
    """Wrong e-mail, password, link, code or passcode (with `triesLeft`); which one is not said."""

    code = "SIGN_IN_FAILED"


class SecondFactorRequired(Refused):
    """The code of the second factor is needed as well; nobody has one yet, so nothing raises it."""

    code = "SECOND_FACTOR_REQUIRED"


class DeviceLocked(Refused):
    """Five wrong passcodes on this device; an owner or manager unlocks it."""

    code = "DEVICE_LOCKED"


class LinkExpired(Refused):
    """The link or code is too old; a new one can be asked for, nothing queued is lost."""

    code = "LINK_EXPIRED"
