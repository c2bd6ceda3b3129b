"""What the pages of single forms say of a refusal: what was not done there, and how to go on."""

from collections.abc import Mapping
from enum import Enum, auto
from typing import TYPE_CHECKING

from django.utils.text import format_lazy
from django.utils.translation import gettext_lazy as _

from loyalty.base.errors import CodeUnknown, InvalidInput, LinkExpired, PhotoUnusable, Refused
from loyalty.photos import PhotoReason
from loyalty.wording.words import PageWords

if TYPE_CHECKING:
    from django_stubs_ext import StrPromise

_UNUSABLE = 422
_TOO_LARGE = 413
# A refusal by its class and, where it matters, by the reason.
_Words = Mapping[tuple[type[Refused], str], PageWords]


class PageForm(Enum):
    """A form whose page has words of its own."""

    PAIRING = auto()
    RENAMING = auto()
    PASSCODE = auto()
    PHOTO = auto()


def of_form(form: PageForm | None, refused: Refused) -> PageWords | None:
    """The words of this form for the refusal; None where those of every page do."""
    words = _FORMS.get(form, {}) if form else {}
    reason = str(refused.details.get("reason", ""))
    return words.get((type(refused), reason)) or words.get((type(refused), ""))


def _passcode(text: "StrPromise") -> PageWords:
    return PageWords(_("Your passcode is as it was"), text, _UNUSABLE)


def _photo(text: "StrPromise", status: int = _UNUSABLE) -> PageWords:
    both = format_lazy("{} {}", text, _("The photo is as it was."))
    return PageWords(_("This photo was not saved"), both, status)


_NAME = _("This name cannot be used")
_NEW_CODE = _("Nothing was paired. Ask a manager for a new code.")
_PAIRING: _Words = {
    (CodeUnknown, ""): PageWords(_("We do not know this code"), _NEW_CODE, 404),
    (LinkExpired, ""): PageWords(_("This code was used, or is too old"), _NEW_CODE, 410),
    (InvalidInput, ""): PageWords(
        _NAME, _("Nothing was paired. Type 1 to 60 letters or digits."), _UNUSABLE
    ),
}
_RENAMING: _Words = {
    (InvalidInput, ""): PageWords(
        _NAME, _("The device is called what it was. Type 1 to 60 letters or digits."), _UNUSABLE
    ),
}
_PASSCODE: _Words = {
    (InvalidInput, "length"): _passcode(_("It has four to six digits. Choose another one.")),
    (InvalidInput, "easy"): _passcode(
        _("This one is guessed first. Choose digits that are not in a row.")
    ),
    (InvalidInput, ""): _passcode(_("Type your passcode as it is, too.")),
}
_PHOTO: _Words = {
    (PhotoUnusable, PhotoReason.TOO_LARGE): _photo(
        _("The file is larger than 5 MB. Choose a smaller one."), _TOO_LARGE
    ),
    (PhotoUnusable, PhotoReason.TOO_MANY_PIXELS): _photo(
        _("It has more than 40 megapixels. Choose a smaller one.")
    ),
    (PhotoUnusable, PhotoReason.TOO_NARROW): _photo(
        _("It is too long: at most 16,000 pixels, and not above twenty times its other side.")
    ),
    (PhotoUnusable, PhotoReason.NOT_AN_IMAGE): _photo(
        _("The file is no picture that we can read. Choose a JPEG, PNG, WebP or GIF file.")
    ),
    (PhotoUnusable, ""): _photo(_("Choose a file first.")),
}
_FORMS: Mapping[PageForm, _Words] = {
    PageForm.PAIRING: _PAIRING,
    PageForm.RENAMING: _RENAMING,
    PageForm.PASSCODE: _PASSCODE,
    PageForm.PHOTO: _PHOTO,
}
