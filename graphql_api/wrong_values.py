"""What is wrong with a value that was sent, as texts to translate."""

import re
from collections.abc import Mapping

from django.utils.translation import gettext_noop

# What is wrong with a value: by field and reason, or by the reason alone.
_VALUES: dict[tuple[str, str], str] = {
    ("reason", "missing"): gettext_noop("Say why: a reason is needed."),
    ("email", "form"): gettext_noop("This is no e-mail address."),
    ("amount", "missing"): gettext_noop("Enter the total of the receipt."),
    ("quantity", "missing"): gettext_noop("Enter how many."),
    ("lines.quantity", "range"): gettext_noop("A line has at least one piece: %(field)s."),
    ("lines", "missing"): gettext_noop("Enter what was bought."),
    ("day", "no_such_day"): gettext_noop("This month has no such day: %(field)s."),
    ("month", "no_such_month"): gettext_noop("A month is from 1 to 12: %(field)s."),
    ("day", "missing"): gettext_noop("A birthday needs a month and a day: the day is missing."),
    ("month", "missing"): gettext_noop("A birthday needs a month and a day: the month is missing."),
    ("nickname", "characters"): gettext_noop("This name has signs that cannot be shown."),
    ("nickname", "length"): gettext_noop("A name has 2 to 30 characters."),
    ("nickname", "address"): gettext_noop("A name cannot be an address."),
    ("nickname", "markup"): gettext_noop("A name has no < and no >."),
    ("nickname", "reserved"): gettext_noop("This name is kept for the people of the business."),
    ("nickname", "taken"): gettext_noop("Somebody has this name, or one that looks like it."),
    ("nickname", "scripts"): gettext_noop("A name is written in one alphabet."),
    ("passcode", "length"): gettext_noop("A passcode has 4 to 6 digits."),
    ("passcode", "easy"): gettext_noop("This passcode is guessed too easily."),
    ("name", "length"): gettext_noop("A name has 1 to %(limit)s characters."),
    ("levels.name", "length"): gettext_noop(
        "The name of a level has 1 to 60 characters: %(field)s."
    ),
    ("current", "missing"): gettext_noop("Enter the passcode that you have now."),
    ("token", "exactly_one"): gettext_noop(
        "Give exactly one: the code (token), to look also the PIN (pin and programId), to decide"
        " also what was looked at (redemptionId)."
    ),
    ("pin", "preview_only"): gettext_noop(
        "A PIN is for looking only (PREVIEW). Decide with the code (token) or with what was looked"
        " at (redemptionId)."
    ),
    ("version", "missing"): gettext_noop(
        "Read it first and give the version that you read: somebody may have changed it since."
    ),
    ("confirmRemoval", "missing"): gettext_noop(
        "This removes all levels: say so with confirmRemoval."
    ),
    ("programId", "missing"): gettext_noop(
        "Say which program: give programId. For a button, presetId does as well; a PIN needs it."
    ),
    ("linkToken", "missing"): gettext_noop(
        "Give the token of the mail's link (linkToken), or its code with the claim."
    ),
    ("claim", "missing"): gettext_noop(
        "Give the claim, too: the answer to the request for the mail has it. With a link, the whole"
        " address does as well (email)."
    ),
    ("levels", "order"): gettext_noop("A level cannot change places with another: %(field)s."),
    ("levels", "twice"): gettext_noop("This level is there twice: %(field)s."),
    ("levels.id", "unknown"): gettext_noop("There is no such level: %(field)s."),
    ("levels.name", "twice"): gettext_noop("Two levels cannot have one name: %(field)s."),
    ("levels.threshold", "order"): gettext_noop(
        "A level needs more points than the one before it: %(field)s."
    ),
    ("levels.gift", "exactly_one"): gettext_noop(
        "A gift is one thing: a product, per cent, an amount, or words: %(field)s."
    ),
    ("levels.gift.amount", "currency"): gettext_noop(
        "An amount needs one currency in all programs: %(field)s."
    ),
    ("", "missing"): gettext_noop("Something is missing: %(field)s."),
    ("", "length"): gettext_noop("This text is too short or too long: %(field)s."),
    ("", "characters"): gettext_noop("This text has signs that cannot be used: %(field)s."),
    ("", "range"): gettext_noop("This number is too small or too large: %(field)s."),
    ("", "too_many"): gettext_noop("These are too many at once: %(field)s."),
}

# What a program counts of a sale, by what it `takes`: another value was entered.
_TAKES = {
    "nothing": gettext_noop("Each code is one visit here: leave out %(field)s."),
    "productId": gettext_noop(
        "Each code is one visit here, of the product sold: leave out %(field)s."
    ),
    "amount": gettext_noop(
        "This program goes by the total of the receipt (amount): leave out %(field)s."
    ),
    "quantity": gettext_noop("This program goes by how many (quantity): leave out %(field)s."),
    "quantity, productId": gettext_noop(
        "This program goes by how many of one product (quantity, productId): leave out %(field)s."
    ),
    "lines": gettext_noop("This program goes by what was bought (lines): leave out %(field)s."),
    "amount, quantity": gettext_noop(
        "This program goes by the total of the receipt and how many (amount, quantity):"
        " leave out %(field)s."
    ),
    "amount, lines": gettext_noop(
        "This program goes by the total of the receipt and what was bought (amount, lines):"
        " leave out %(field)s."
    ),
}

# What an id names, by the last word of its field: there is no such thing here.
_THINGS = {
    "anomalyId": gettext_noop("There is no such finding: %(field)s."),
    "bonusId": gettext_noop("There is no such bonus: %(field)s."),
    "cardId": gettext_noop("There is no such card: %(field)s."),
    "deviceId": gettext_noop("There is no such device: %(field)s."),
    "id": gettext_noop("There is no such level: %(field)s."),
    "locationId": gettext_noop("There is no such location: %(field)s."),
    "presetId": gettext_noop("There is no such button of this program: %(field)s."),
    "productId": gettext_noop("There is no such product: %(field)s."),
    "programId": gettext_noop("There is no such program: %(field)s."),
    "redemptionId": gettext_noop("There is no such redemption: %(field)s."),
    "sessionId": gettext_noop("There is no such code of yours: %(field)s."),
    "staffId": gettext_noop("There is no such person whose passcode is yours to set: %(field)s."),
}
# Of one of several, as in `lines[2].quantity`.
_INDEX = re.compile(r"\[\d+\]")


def wrong_value(details: Mapping[str, str]) -> str | None:
    """The text for a refusal's `field` and `reason`, or for what the program `takes`, if any."""
    if "takes" in details:
        return _TAKES[details["takes"]]
    field, reason = details["field"], details.get("reason", "")
    return _VALUES.get((_INDEX.sub("", field), reason)) or _VALUES.get(("", reason))


def missing_thing(field: str) -> str | None:
    """The text for what a `field` names and is not there, if it names something."""
    return _THINGS.get(field.rpartition(".")[2])


def reasons() -> list[tuple[str, str, str]]:
    """Field, reason and sentence of everything that can be wrong with a value, for documentation.

    An empty field is any other.
    """
    plain = "this field"
    found = [
        (field or "any other", reason, text % {"field": plain, "limit": "so many"})
        for (field, reason), text in _VALUES.items()
    ]
    return [*found, ("any other", "unsuitable", "The program goes by another value: `takes` says.")]
