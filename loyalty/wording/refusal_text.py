"""A refusal in words, in the active language: as one text, and as a page."""

from collections.abc import Mapping
from dataclasses import dataclass
from datetime import datetime
from typing import TYPE_CHECKING

from django.utils.translation import gettext, ngettext
from django.utils.translation import gettext_lazy as _

from loyalty.base.errors import InvalidInput, NotFound, ProgramNotRunning, QueueFull, Refused
from loyalty.wording.amounts import money, units
from loyalty.wording.moments import Reader, one_stop, possible_from, try_again_in
from loyalty.wording.page_forms import PageForm, of_form
from loyalty.wording.refusals import BY_CODE
from loyalty.wording.words import RefusalWords, Variant
from loyalty.wording.wrong_values import missing_thing, wrong_value

if TYPE_CHECKING:
    from django_stubs_ext import StrPromise

Details = Mapping[str, object]
_AS_IN_GENERAL = Variant()
# Which of the details is an amount of money, where there is one.
_AMOUNTS = ("missing", "limit")


@dataclass(frozen=True, slots=True)
class RefusalPage:
    """A refusal on a page; `status` is the answer's."""

    code: str
    status: int
    title: str
    text: str


def sentence(code: str, details: Details) -> str:
    """The refusal with this code in one or two sentences."""
    words = BY_CODE[code]
    if words.of_money and "currency" in details:
        said = words.of_money
    else:
        said = _narrower(code, details) or _variant(words, details).sentence or words.sentence
    return said % _facts(details)


def refusal_text(
    code: str, details: Details, *, retry_at: datetime | None = None, reader: Reader | None = None
) -> str:
    """The sentence, and how to go on; with a `reader`, from when on it is possible."""
    parts = [sentence(code, details)]
    if "triesLeft" in details:
        parts.append(_tries(int(str(details["triesLeft"]))))
    if retry_at and reader:
        parts.append(_waiting(code, possible_from(retry_at, reader.now, reader.zone)))
    return " ".join(parts)


def refusal_page(
    refused: Refused, *, minutes: int | None = None, form: PageForm | None = None
) -> RefusalPage:
    """The refusal as the page of a `form` says it, or any; possible again in so many `minutes`."""
    words = BY_CODE[refused.code]
    page = of_form(form, refused) or _variant(words, refused.details).page or words.page
    if page.next_step is None:
        parts = [sentence(refused.code, refused.details)]
    else:
        parts = [page.next_step % _facts(refused.details)]
    if "triesLeft" in refused.details:
        parts.append(_tries_on_page(int(refused.details["triesLeft"])))
    # Anybody who has a full queue need not wait: the mail that opens it is there.
    if minutes is not None and refused.code != QueueFull.code:
        parts.append(try_again_in(minutes))
    return RefusalPage(refused.code, page.status, str(page.title), " ".join(parts))


def _variant(words: RefusalWords, details: Details) -> Variant:
    by_what = words.variants.get(str(details.get("what", "")))
    return by_what or words.variants.get(str(details.get("field", "")), _AS_IN_GENERAL)


def _narrower(code: str, details: Details) -> "StrPromise | None":
    field = str(details.get("field", ""))
    if code == InvalidInput.code:
        return wrong_value(field, str(details.get("reason", "")), takes=details.get("takes"))
    if code == NotFound.code and "what" not in details:
        return missing_thing(field)
    return None


def _facts(details: Details) -> dict[str, object]:
    currency = str(details["currency"]) if "currency" in details else None
    limit = int(str(details.get("limit") or 0))
    facts = {"field": "", "plan": _("A higher plan"), **details, "limit": limit}
    facts["units"] = units(limit, currency=currency)
    if currency:
        amount = next((int(str(details[name])) for name in _AMOUNTS if name in details), 0)
        facts["amount"] = money(amount, currency=currency)
    return facts


def _waiting(code: str, when: str) -> str:
    if code == ProgramNotRunning.code:
        text = gettext("It begins: %(when)s.")
    elif code == QueueFull.code:
        text = gettext("Without it, there is room again: %(when)s.")
    else:
        text = gettext("Possible again: %(when)s.")
    return one_stop(text % {"when": when})


def _tries(left: int) -> str:
    if left == 0:
        return gettext(
            "This device is locked now. An owner or manager unlocks it on the page /devices."
        )
    return ngettext(
        "%(n)s more wrong one locks this device.", "%(n)s more wrong ones lock this device.", left
    ) % {"n": left}


def _tries_on_page(left: int) -> str:
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
