"""The one table from refusal to sentence, for customers and staff alike."""

from collections.abc import Callable, Mapping

from django.utils.translation import gettext, gettext_noop, ngettext

from graphql_api.amounts import one_stop, units
from graphql_api.wrong_values import missing_thing, wrong_value
from loyalty.base.money import shown

# A sentence, or one that is made of the detail `limit`, with its plural forms.
_Text = str | Callable[[int], str]


def _queue_full(limit: int) -> str:
    return ngettext(
        "%(limit)s visit already waits for this address. Open the link in your mail first.",
        "%(limit)s visits already wait for this address. Open the link in your mail first.",
        limit,
    )


def _staff_cap(limit: int) -> str:
    return ngettext(
        "You made %(limit)s code in a short time, as many as allowed. Wait, or ask a manager.",
        "You made %(limit)s codes in a short time, as many as allowed. Wait, or ask a manager.",
        limit,
    )


def _daily_cap(limit: int) -> str:
    return ngettext(
        "That is all for today: %(limit)s visit a day counts.",
        "That is all for today: %(limit)s visits a day count.",
        limit,
    )


def _pairing_codes(limit: int) -> str:
    return ngettext(
        "%(limit)s pairing code waits to be used, as many as allowed. Use that one, or wait.",
        "%(limit)s pairing codes wait to be used, as many as allowed. Use one of them, or wait.",
        limit,
    )


def _running_programs(limit: int) -> str:
    return ngettext(
        "Your plan lets %(limit)s program run. %(plan)s allows more.",
        "Your plan lets %(limit)s programs run. %(plan)s allows more.",
        limit,
    )


_SENTENCES: dict[str, _Text] = {
    "INVALID_INPUT": gettext_noop("This value cannot be used: %(field)s."),
    "NOT_FOUND": gettext_noop("This was not found."),
    "KEY_REUSED": gettext_noop("This idempotency key was used for another request."),
    "VERSION_CONFLICT": gettext_noop("Somebody else changed this meanwhile. Look at it again."),
    "RATE_LIMITED": gettext_noop("Too many attempts. Wait a while."),
    "PLAN_LIMIT": gettext_noop("Your plan does not include this. A higher plan does."),
    "BUSINESS_SUSPENDED": gettext_noop("This business is not active."),
    "PROGRAM_NOT_RUNNING": gettext_noop("This program is not running."),
    "NOT_AT_THIS_LOCATION": gettext_noop("This does not belong to this location."),
    "CODE_UNKNOWN": gettext_noop("This code is not known. Ask for a new one."),
    "SESSION_EXPIRED": gettext_noop("This code is over. Nothing was given; ask for a new one."),
    "ALREADY_COLLECTED": gettext_noop("This code was already used."),
    "SESSION_VOIDED": gettext_noop("This was taken back at the counter."),
    "EMAIL_REQUIRED": gettext_noop("Sign in, or give an e-mail address."),
    "QUEUE_FULL": _queue_full,
    "OWN_SESSION": gettext_noop("You cannot collect what you made yourself."),
    "PRODUCT_REQUIRED": gettext_noop("Say which product."),
    "NOTHING_TO_EARN": gettext_noop("This sale earns nothing."),
    "BELOW_MINIMUM": gettext_noop("The receipt is below the minimum."),
    "SCAN_CAP": gettext_noop("One code gives at most %(units)s."),
    "STAFF_CAP": _staff_cap,
    "COOLDOWN": gettext_noop("This was collected a moment ago."),
    "DAILY_CAP": _daily_cap,
    "PROGRAM_BUDGET": gettext_noop("This program has given all it can."),
    "NO_BONUS": gettext_noop("No bonus waits on this card."),
    "TIER_NOT_ALLOWED": gettext_noop("This product cannot be chosen for this bonus."),
    "PRODUCT_UNAVAILABLE": gettext_noop("This product is not available."),
    "REDEMPTION_EXPIRED": gettext_noop("This code is over. Nothing was given; the bonus waits."),
    "ALREADY_REDEEMED": gettext_noop("This bonus was already given."),
    "REDEMPTION_CANCELLED": gettext_noop(
        "This was cancelled or taken back. If the bonus waits, it can be asked for again."
    ),
    "PIN_LOCKED": gettext_noop("Too many wrong PINs. Scan the code instead."),
    "UNDO_TOO_LATE": gettext_noop(
        "It is too late to take this back yourself. A manager still can."
    ),
    "SIGN_IN_FAILED": gettext_noop("That did not match. Nothing was changed."),
    "SECOND_FACTOR_REQUIRED": gettext_noop("Enter the code of your second factor."),
    "LINK_EXPIRED": gettext_noop("This link or code is over. Ask for a new one."),
    "DEVICE_LOCKED": gettext_noop(
        "This device is locked after five wrong passcodes. An owner or manager unlocks it on the"
        " page /devices."
    ),
}

# Where `details["what"]` says of what, the general sentence would mislead.
_SPECIAL: dict[tuple[str, str], _Text] = {
    ("SIGN_IN_FAILED", "current"): gettext_noop(
        "This is not your passcode as it is now. Nothing was changed."
    ),
    ("RATE_LIMITED", "pairing codes"): _pairing_codes,
    ("LINK_EXPIRED", "pairing"): gettext_noop(
        "This code was used, or is over. Ask an owner or manager for a new one."
    ),
    ("NOT_FOUND", "revoked"): gettext_noop("This device was taken out of use. Pair it again."),
    ("RATE_LIMITED", "birthday"): gettext_noop("A birthday can be changed once a year."),
    ("NOT_AT_THIS_LOCATION", "program"): gettext_noop(
        "This program does not run at this location."
    ),
    ("NOT_AT_THIS_LOCATION", "preset"): gettext_noop("This button belongs to another location."),
    ("NOT_AT_THIS_LOCATION", "device"): gettext_noop("This device belongs to another location."),
    ("PIN_LOCKED", "program"): gettext_noop(
        "Too many wrong PINs for this program today. Scan the code, or ask a manager."
    ),
    ("PROGRAM_NOT_RUNNING", "not_begun"): gettext_noop("This program has not begun yet."),
    ("PROGRAM_NOT_RUNNING", "over"): gettext_noop("This program is over."),
    ("PRODUCT_UNAVAILABLE", "lines"): gettext_noop(
        "None of these products is one of this program's."
    ),
    ("SCAN_CAP", "cards"): gettext_noop(
        "One code fills at most %(cards)s cards (%(units)s). Look at the number again."
    ),
    ("PLAN_LIMIT", "tiered mode"): gettext_noop(
        "Your plan has no programs with a choice of products. %(plan)s has."
    ),
    ("PLAN_LIMIT", "running programs"): _running_programs,
}

# Where `details["currency"]` is known: the sentence, and which of the details is its amount.
_MONEY = {
    "BELOW_MINIMUM": (gettext_noop("%(amount)s are missing to the minimum."), "missing"),
    "INVALID_INPUT": (gettext_noop("The total of a receipt is from 0 to %(amount)s."), "limit"),
}


def sentence(code: str, details: Mapping[str, object]) -> str:
    """The refusal with this code in words, in the active language."""
    if code in _MONEY and "currency" in details:
        text, which = _MONEY[code]
        amount = shown(int(str(details[which])), currency=str(details["currency"]))
        return gettext(text) % {"amount": amount}
    known = dict.fromkeys(("field", "limit"), "") | {k: str(v) for k, v in details.items()}
    known.setdefault("plan", gettext("A higher plan"))
    limit = int(known["limit"] or 0)
    known["units"] = units(limit, currency=known.get("currency"))
    said = _text(code, known)
    return (gettext(said) if isinstance(said, str) else said(limit)) % known


def waiting(code: str, when: str) -> str:
    """From when on it is possible; `when` is a moment in words."""
    if code == "PROGRAM_NOT_RUNNING":
        text = gettext("It begins: %(when)s.")
    elif code == "QUEUE_FULL":
        text = gettext("Without it, there is room again: %(when)s.")
    else:
        text = gettext("Possible again: %(when)s.")
    return one_stop(text % {"when": when})


def tries(left: int) -> str:
    """How many more wrong passcodes lock the device, 0 when it is locked now."""
    if left == 0:
        return gettext(
            "This device is locked now. An owner or manager unlocks it on the page /devices."
        )
    return ngettext(
        "%(n)s more wrong one locks this device.", "%(n)s more wrong ones lock this device.", left
    ) % {"n": left}


def _text(code: str, details: Mapping[str, str]) -> _Text:
    if code == "INVALID_INPUT":
        return wrong_value(details) or _SENTENCES[code]
    if code == "NOT_FOUND" and "what" not in details:
        return missing_thing(details["field"]) or _SENTENCES[code]
    return _SPECIAL.get((code, details.get("what", "")), _SENTENCES[code])
