"""What pages say of what nobody wanted: not found, forbidden, failed, the database away."""

from django.utils.translation import gettext_lazy as _

from loyalty.wording.words import PageWords

UNREADABLE = PageWords(
    _("We could not read that"),
    _("Nothing was changed. Go back and try again."),
    400,
)
FORBIDDEN = PageWords(
    _("This is not yours to open"),
    _("Nothing was changed. Sign in as somebody who may."),
    403,
)
NOTHING_HERE = PageWords(
    _("There is nothing here"),
    _("The address may be mistyped, or it is not yours to open."),
    404,
)
FAILED = PageWords(
    _("Something went wrong here"),
    _("It is our fault, and it was noted. Try again, or come back later."),
    500,
)
# Not "nothing was changed": the answer to a commit may be what got lost.
AWAY = PageWords(
    _("We are away for a moment"),
    _("Try again in a few seconds: nothing is ever added twice."),
    503,
)
TOO_OLD = PageWords(
    _("This page is too old"),
    _("Nothing was changed. Load it again, allow cookies, and send the form again."),
    403,
)
