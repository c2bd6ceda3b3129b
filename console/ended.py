"""Why this browser is not signed in any more, or no device any more, in words."""

from django.utils.translation import gettext, gettext_noop

from loyalty.people import TokenEnd, ended

_WORDS = {
    TokenEnd.DEVICE_REVOKED: gettext_noop(
        "This device was taken out of use. To use it at the counter again, pair it again."
    ),
    TokenEnd.LEFT: gettext_noop("You do not work here any more. Ask the owner if that is wrong."),
    TokenEnd.SWITCHED_OFF: gettext_noop(
        "You were switched off: you signed out, somebody else switched on, or your passcode is new."
    ),
    TokenEnd.SIGNED_OUT: gettext_noop("You were signed out."),
    TokenEnd.EXPIRED: gettext_noop("You have been signed in for long. Sign in anew."),
}


def what_ended(token: str | None) -> str:
    """A sentence about this cookie's token; nothing for a good one, and for a stranger's."""
    words = _WORDS.get(found) if token and (found := ended(token)) else None
    return gettext(words) if words else ""
