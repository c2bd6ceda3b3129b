"""What is wrong with a value that was sent."""

import re
from typing import TYPE_CHECKING

from django.utils.translation import gettext_lazy as _

if TYPE_CHECKING:
    from django_stubs_ext import StrPromise

# What is wrong with a value: by field and reason, or by the reason alone.
_VALUES: dict[tuple[str, str], "StrPromise"] = {
    ("reason", "missing"): _("Say why: a reason is needed."),
    ("email", "form"): _("This is no e-mail address."),
    ("amount", "missing"): _("Enter the total of the receipt."),
    ("quantity", "missing"): _("Enter how many."),
    ("lines.quantity", "range"): _("A line has at least one piece: %(field)s."),
    ("lines", "missing"): _("Enter what was bought."),
    ("day", "no_such_day"): _("This month has no such day: %(field)s."),
    ("month", "no_such_month"): _("A month is from 1 to 12: %(field)s."),
    ("day", "missing"): _("A birthday needs a month and a day: the day is missing."),
    ("month", "missing"): _("A birthday needs a month and a day: the month is missing."),
    ("nickname", "characters"): _("This name has signs that cannot be shown."),
    ("nickname", "length"): _("A name has 2 to 30 characters."),
    ("nickname", "address"): _("A name cannot be an address."),
    ("nickname", "markup"): _("A name has no < and no >."),
    ("nickname", "reserved"): _("This name is kept for the people of the business."),
    ("nickname", "taken"): _("Somebody has this name, or one that looks like it."),
    ("nickname", "scripts"): _("A name is written in one alphabet."),
    ("passcode", "length"): _("A passcode has 4 to 6 digits."),
    ("passcode", "easy"): _("This passcode is guessed too easily."),
    ("name", "length"): _("A name has 1 to %(limit)s characters."),
    ("levels.name", "length"): _("The name of a level has 1 to 60 characters: %(field)s."),
    ("current", "missing"): _("Enter the passcode that you have now."),
    ("token", "exactly_one"): _(
        "Give exactly one: the code (token), to look also the PIN (pin and programId), to decide"
        " also what was looked at (redemptionId)."
    ),
    ("pin", "preview_only"): _(
        "A PIN is for looking only (PREVIEW). Decide with the code (token) or with what was looked"
        " at (redemptionId)."
    ),
    ("version", "missing"): _(
        "Read it first and give the version that you read: somebody may have changed it since."
    ),
    ("confirmRemoval", "missing"): _("This removes all levels: say so with confirmRemoval."),
    ("programId", "missing"): _(
        "Say which program: give programId. For a button, presetId does as well; a PIN needs it."
    ),
    ("linkToken", "missing"): _(
        "Give the token of the mail's link (linkToken), or its code with the claim."
    ),
    ("claim", "missing"): _(
        "Give the claim, too: the answer to the request for the mail has it. With a link, the whole"
        " address does as well (email)."
    ),
    ("levels", "order"): _("A level cannot change places with another: %(field)s."),
    ("levels", "twice"): _("This level is there twice: %(field)s."),
    ("levels.id", "unknown"): _("There is no such level: %(field)s."),
    ("levels.name", "twice"): _("Two levels cannot have one name: %(field)s."),
    ("levels.threshold", "order"): _(
        "A level needs more points than the one before it: %(field)s."
    ),
    ("levels.gift", "exactly_one"): _(
        "A gift is one thing: a product, per cent, an amount, or words: %(field)s."
    ),
    ("levels.gift.amount", "currency"): _(
        "An amount needs one currency in all programs: %(field)s."
    ),
    ("", "missing"): _("Something is missing: %(field)s."),
    ("", "length"): _("This text is too short or too long: %(field)s."),
    ("", "characters"): _("This text has signs that cannot be used: %(field)s."),
    ("", "range"): _("This number is too small or too large: %(field)s."),
    ("", "too_many"): _("These are too many at once: %(field)s."),
}

# What a program counts of a sale, by what it `takes`: another value was entered.
_TAKES = {
    "nothing": _("Each code is one visit here: leave out %(field)s."),
    "productId": _("Each code is one visit here, of the product sold: leave out %(field)s."),
    "amount": _("This program goes by the total of the receipt (amount): leave out %(field)s."),
    "quantity": _("This program goes by how many (quantity): leave out %(field)s."),
    "quantity, productId": _(
        "This program goes by how many of one product (quantity, productId): leave out %(field)s."
    ),
    "lines": _("This program goes by what was bought (lines): leave out %(field)s."),
    "amount, quantity": _(
        "This program goes by the total of the receipt and how many (amount, quantity):"
        " leave out %(field)s."
    ),
    "amount, lines": _(
        "This program goes by the total of the receipt and what was bought (amount, lines):"
        " leave out %(field)s."
    ),
}

# What an id names, by the last word of its field: there is no such thing here.
_THINGS = {
    "anomalyId": _("There is no such finding: %(field)s."),
    "bonusId": _("There is no such bonus: %(field)s."),
    "cardId": _("There is no such card: %(field)s."),
    "deviceId": _("There is no such device: %(field)s."),
    "id": _("There is no such level: %(field)s."),
    "locationId": _("There is no such location: %(field)s."),
    "presetId": _("There is no such button of this program: %(field)s."),
    "productId": _("There is no such product: %(field)s."),
    "programId": _("There is no such program: %(field)s."),
    "redemptionId": _("There is no such redemption: %(field)s."),
    "sessionId": _("There is no such code of yours: %(field)s."),
    "staffId": _("There is no such person whose passcode is yours to set: %(field)s."),
}
# Of one of several, as in `lines[2].quantity`.
_INDEX = re.compile(r"\[\d+\]")


def wrong_value(field: str, reason: str, *, takes: object = None) -> "StrPromise | None":
    """The text for a refusal's `field` and `reason`, or for what the program `takes`, if any."""
    if takes is not None:
        return _TAKES[str(takes)]
    return _VALUES.get((_INDEX.sub("", field), reason)) or _VALUES.get(("", reason))


def missing_thing(field: str) -> "StrPromise | None":
    """The text for what a `field` names and is not there, if it names something."""
    return _THINGS.get(field.rpartition(".")[2])


def wrong_values() -> list[tuple[str, str, str]]:
    """Field, reason and sentence of everything that can be wrong with a value, for documentation.

    An empty field is any other.
    """
    plain = "this field"
    found = [
        (field or "any other", reason, text % {"field": plain, "limit": "so many"})
        for (field, reason), text in _VALUES.items()
    ]
    return [*found, ("any other", "unsuitable", "The program goes by another value: `takes` says.")]
