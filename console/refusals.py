"""Refusals as customers and staff read them: what did not happen, and what to do."""

from dataclasses import dataclass
from functools import wraps
from typing import Any, NamedTuple

from django.http import HttpRequest, HttpResponse
from django.utils.translation import gettext, gettext_noop, ngettext

from console.answers import View, page
from loyalty.base.errors import BusinessSuspended, QueueFull, Refused
from loyalty.db.waiting_time import minutes_until
from tenants.requests import on_business_host

_HOUR = 60
_DAY = 24 * _HOUR


class Words(NamedTuple):
    """A status for programs, a title and a sentence for people."""

    status: int
    title: str
    text: str


_WORDS = {
    "CODE_UNKNOWN": Words(
        404,
        gettext_noop("We do not know this code"),
        gettext_noop("Nothing was added. Ask at the counter for a new one."),
    ),
    "SESSION_EXPIRED": Words(
        410,
        gettext_noop("This code is over"),
        gettext_noop("Codes live for a short time. Nothing was added: ask for a new one."),
    ),
    "ALREADY_COLLECTED": Words(
        409,
        gettext_noop("This code was already used"),
        gettext_noop("A code works once. Nothing was added here: ask for a new one."),
    ),
    "SESSION_VOIDED": Words(
        410,
        gettext_noop("This was taken back at the counter"),
        gettext_noop("Nothing was added. If that is a mistake, ask at the counter."),
    ),
    "QUEUE_FULL": Words(
        409,
        gettext_noop("Too many visits wait for this address"),
        gettext_noop(
            "This one was not added: %(limit)s wait already. Open our newest mail to this address"
            " first, then ask at the counter for a new code."
        ),
    ),
    "RATE_LIMITED": Words(
        429, gettext_noop("Too many attempts"), gettext_noop("Nothing was changed.")
    ),
    "INVALID_INPUT": Words(
        422,
        gettext_noop("This is no e-mail address"),
        gettext_noop("Nothing was sent. Check the address and try again."),
    ),
    "EMAIL_REQUIRED": Words(
        422,
        gettext_noop("The address is missing"),
        gettext_noop("Nothing was added. Type your e-mail address."),
    ),
    "SIGN_IN_FAILED": Words(
        422,
        gettext_noop("That did not match"),
        gettext_noop("You are not signed in. Check it and try again."),
    ),
    "DEVICE_LOCKED": Words(
        423,
        gettext_noop("This device is locked"),
        gettext_noop(
            "There were five wrong passcodes. An owner or manager unlocks it on the page"
            " “Counter devices” (/devices)."
        ),
    ),
    "LINK_EXPIRED": Words(
        410,
        gettext_noop("This link or code is over"),
        gettext_noop("You are not signed in, and nothing that waits for you is lost."),
    ),
    "OWN_SESSION": Words(
        403,
        gettext_noop("Staff cannot collect here"),
        gettext_noop("Nothing was added, and the code can still be used by a customer."),
    ),
    "COOLDOWN": Words(
        409,
        gettext_noop("You collected this a moment ago"),
        gettext_noop("Nothing was added this time."),
    ),
    "DAILY_CAP": Words(
        409,
        gettext_noop("That is all for today"),
        gettext_noop("Nothing was added: %(limit)s visits a day count on this card."),
    ),
    "PROGRAM_BUDGET": Words(
        409,
        gettext_noop("This program has given all it can"),
        gettext_noop("Nothing was added. What waits on your card stays yours."),
    ),
    "PROGRAM_NOT_RUNNING": Words(
        409,
        gettext_noop("This program is not running"),
        gettext_noop("Nothing was added. What waits on your card stays yours."),
    ),
    "BUSINESS_SUSPENDED": Words(
        403,
        gettext_noop("This business is not active"),
        gettext_noop("Nothing was changed. Ask the people who run it."),
    ),
    "NOT_FOUND": Words(
        404,
        gettext_noop("There is nothing here"),
        gettext_noop("The address may be mistyped, or it is not yours to open."),
    ),
}
# Where `details["what"]` says of what, the general words would mislead.
_SPECIAL = {
    ("SIGN_IN_FAILED", "passcode"): Words(
        422, gettext_noop("That did not match"), gettext_noop("Nothing was changed.")
    ),
    ("RATE_LIMITED", "pairing codes"): Words(
        429,
        gettext_noop("Too many pairing codes wait to be used"),
        gettext_noop("No new one was made. Use one of them, or wait until one is over."),
    ),
    ("NOT_FOUND", "revoked"): Words(
        404,
        gettext_noop("This device is out of use"),
        gettext_noop("Nothing was changed. To use it again, pair it again."),
    ),
    ("SIGN_IN_FAILED", "current"): Words(
        422,
        gettext_noop("That is not your passcode"),
        gettext_noop("Your passcode is as it was. Type the one of now in the first field."),
    ),
}
_OTHERS = Words(
    409,
    gettext_noop("That is not possible"),
    gettext_noop("Nothing was changed. Try it once more."),
)


@dataclass(frozen=True, slots=True)
class Shown:
    """A refusal in the active language; `status` is the answer's."""

    code: str
    status: int
    title: str
    text: str


def shown(refused: Refused) -> Shown:
    """The refusal, with the time from which it is worth trying again."""
    what = str(refused.details.get("what", ""))
    words = _SPECIAL.get((refused.code, what)) or _WORDS.get(refused.code, _OTHERS)
    text = gettext(words.text) % (dict.fromkeys(("limit",), "") | refused.details)
    if "triesLeft" in refused.details:
        text = f"{text} {_tries(int(refused.details['triesLeft']))}"
    # Anybody who has a full queue need not wait: the mail that opens it is there.
    if refused.retry_at and refused.code != QueueFull.code:
        text = f"{text} {_later(minutes_until(refused.retry_at))}"
    return Shown(refused.code, words.status, gettext(words.title), text)


def refusal_page(request: HttpRequest, refused: Refused) -> HttpResponse:
    """A page that says so."""
    refusal = shown(refused)
    response = page(request, "refusal", status=refusal.status, refusal=refusal)
    if refused.retry_at:
        response["Retry-After"] = str(minutes_until(refused.retry_at) * 60)
    return response


def refusals_as_pages(view: View) -> View:
    """Let a view raise `Refused`; forms of a business that was stopped are refused here."""

    @wraps(view)
    def answered(request: HttpRequest, *args: Any, **kwargs: Any) -> HttpResponse:
        try:
            if request.method == "POST" and on_business_host(request).business.is_suspended:
                raise BusinessSuspended
            return view(request, *args, **kwargs)
        except Refused as refused:
            return refusal_page(request, refused)

    return answered


def _tries(left: int) -> str:
    if left == 0:
        return gettext(
            "This device is locked now: an owner or manager unlocks it on the page"
            " “Counter devices” (/devices)."
        )
    return ngettext(
        "%(n)s more try, then this device is locked.",
        "%(n)s more tries, then this device is locked.",
        left,
    ) % {"n": left}


def _later(minutes: int) -> str:
    if minutes <= _HOUR:
        text = ngettext("Try again in %(n)s minute.", "Try again in %(n)s minutes.", minutes)
        return text % {"n": minutes}
    if minutes <= _DAY:
        hours = -(-minutes // _HOUR)
        return ngettext("Try again in %(n)s hour.", "Try again in %(n)s hours.", hours) % {
            "n": hours
        }
    days = -(-minutes // _DAY)
    return ngettext("Try again in %(n)s day.", "Try again in %(n)s days.", days) % {"n": days}
