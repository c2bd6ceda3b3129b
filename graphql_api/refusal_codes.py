"""The codes of refusals, each with its meaning: programs decide by them."""

from enum import Enum

from graphql_api.described import described

_MEANINGS = {
    "INVALID_INPUT": "A value has the wrong form; `details` name the `field` and the `reason`.",
    "NOT_FOUND": "There is no such thing in this business that the caller may see; `details` name"
    " the `field` of the id.",
    "KEY_REUSED": "The idempotency key was used within 24 hours with another input.",
    "VERSION_CONFLICT": "Somebody changed the thing since the caller read it: read it again.",
    "RATE_LIMITED": "Too many attempts; `retryAt` says when the next one is possible.",
    "PLAN_LIMIT": "The business's plan does not include it; `details` say what, how many, and which"
    " `plan` is the lowest that does.",
    "BUSINESS_SUSPENDED": "The platform's operators stopped the business.",
    "PROGRAM_NOT_RUNNING": "The program is a draft, paused, archived, over, or not yet begun"
    " (then `retryAt` is its start).",
    "NOT_AT_THIS_LOCATION": "The program, the preset, the staff member or the device does not"
    " belong to this location; `details` say `what`: `program`, `preset` or `device`.",
    "CODE_UNKNOWN": "The token or PIN is unknown, malformed or from elsewhere: one answer to all.",
    "SESSION_EXPIRED": "The code's time is over; nothing was given.",
    "ALREADY_COLLECTED": "Somebody else collected this session.",
    "SESSION_VOIDED": "Staff took this session back.",
    "EMAIL_REQUIRED": "Nobody is signed in, and no `email` was given.",
    "QUEUE_FULL": "As many sessions as the business allows wait for this address; `retryAt` says"
    " when one of them ends by itself.",
    "OWN_SESSION": "Staff cannot collect a session that they or their device made.",
    "PRODUCT_REQUIRED": "The program needs to know which product was sold or is wanted.",
    "NOTHING_TO_EARN": "The sale is worth no unit.",
    "BELOW_MINIMUM": "The receipt is below the program's minimum; `details` say what is missing.",
    "SCAN_CAP": "More units than one scan may give, by the program's `maxUnitsPerScan` or because"
    " they fill more than 100 cards; `details` say the `limit` in units.",
    "STAFF_CAP": "The staff member made as many sessions as the business allows in a while.",
    "COOLDOWN": "The customer collected with this button, or nearly so, too short a time ago.",
    "DAILY_CAP": "The customer's visits that count on one day are used up.",
    "PROGRAM_BUDGET": "The program has given all that its owner lets it give.",
    "NO_BONUS": "No such bonus waits on the card.",
    "TIER_NOT_ALLOWED": "The chosen product is of a higher tier than the bonus.",
    "PRODUCT_UNAVAILABLE": "The product is archived, or is not one of the program's; on a receipt:"
    " none of its products is.",
    "REDEMPTION_EXPIRED": "The redemption's time is over; the bonus waits again.",
    "ALREADY_REDEEMED": "The bonus was given already.",
    "REDEMPTION_CANCELLED": "The redemption was cancelled or refunded; the bonus waits again,"
    " unless its sale is gone.",
    "PIN_LOCKED": "Too many wrong PINs closed PIN entry; scanning stays open.",
    "UNDO_TOO_LATE": "The ten minutes are over in which staff take back their own sale; a manager"
    " still can.",
    "SIGN_IN_FAILED": "The e-mail, password, passcode, link or code is wrong; not said which."
    " For a passcode `details` say `triesLeft`: how many more wrong ones lock the device, 0 when"
    " this one did.",
    "SECOND_FACTOR_REQUIRED": "The sign-in needs the code of the second factor as `otp` as well.",
    "LINK_EXPIRED": "The link or code of the mail is too old, or the pairing code was used or is"
    " over; ask for a new one.",
    "DEVICE_LOCKED": "Too many wrong passcodes on the device; an owner or manager can unlock it.",
}


@described("Why something was refused; a code never changes its meaning.", _MEANINGS)
class RefusalCode(Enum):
    """The stable codes."""

    INVALID_INPUT = "INVALID_INPUT"
    NOT_FOUND = "NOT_FOUND"
    KEY_REUSED = "KEY_REUSED"
    VERSION_CONFLICT = "VERSION_CONFLICT"
    RATE_LIMITED = "RATE_LIMITED"
    PLAN_LIMIT = "PLAN_LIMIT"
    BUSINESS_SUSPENDED = "BUSINESS_SUSPENDED"
    PROGRAM_NOT_RUNNING = "PROGRAM_NOT_RUNNING"
    NOT_AT_THIS_LOCATION = "NOT_AT_THIS_LOCATION"
    CODE_UNKNOWN = "CODE_UNKNOWN"
    SESSION_EXPIRED = "SESSION_EXPIRED"
    ALREADY_COLLECTED = "ALREADY_COLLECTED"
    SESSION_VOIDED = "SESSION_VOIDED"
    EMAIL_REQUIRED = "EMAIL_REQUIRED"
    QUEUE_FULL = "QUEUE_FULL"
    OWN_SESSION = "OWN_SESSION"
    PRODUCT_REQUIRED = "PRODUCT_REQUIRED"
    NOTHING_TO_EARN = "NOTHING_TO_EARN"
    BELOW_MINIMUM = "BELOW_MINIMUM"
    SCAN_CAP = "SCAN_CAP"
    STAFF_CAP = "STAFF_CAP"
    COOLDOWN = "COOLDOWN"
    DAILY_CAP = "DAILY_CAP"
    PROGRAM_BUDGET = "PROGRAM_BUDGET"
    NO_BONUS = "NO_BONUS"
    TIER_NOT_ALLOWED = "TIER_NOT_ALLOWED"
    PRODUCT_UNAVAILABLE = "PRODUCT_UNAVAILABLE"
    REDEMPTION_EXPIRED = "REDEMPTION_EXPIRED"
    ALREADY_REDEEMED = "ALREADY_REDEEMED"
    REDEMPTION_CANCELLED = "REDEMPTION_CANCELLED"
    PIN_LOCKED = "PIN_LOCKED"
    UNDO_TOO_LATE = "UNDO_TOO_LATE"
    SIGN_IN_FAILED = "SIGN_IN_FAILED"
    SECOND_FACTOR_REQUIRED = "SECOND_FACTOR_REQUIRED"
    LINK_EXPIRED = "LINK_EXPIRED"
    DEVICE_LOCKED = "DEVICE_LOCKED"
