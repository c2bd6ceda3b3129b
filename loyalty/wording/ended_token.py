"""Why somebody is not signed in any more, or a device is none any more."""

from django.utils.translation import gettext, gettext_noop

from loyalty.people import TokenEnd

# To programs, which show what to do next themselves, and on a page that offers it.
_TEXTS = {
    TokenEnd.DEVICE_REVOKED: gettext_noop("This device was taken out of use. Pair it again."),
    TokenEnd.NOBODY_ON: gettext_noop(
        "This token is a device's own. Switch somebody on with signInOnDevice first."
    ),
    TokenEnd.LEFT: gettext_noop("You do not work here any more. Ask the owner if that is wrong."),
    TokenEnd.SWITCHED_OFF: gettext_noop(
        "You were switched off this device. Switch on again by passcode."
    ),
    TokenEnd.SIGNED_OUT: gettext_noop("You were signed out. Sign in again."),
    TokenEnd.EXPIRED: gettext_noop("Your sign-in is over. Sign in again."),
}
# Nobody is shown a page about a device's own token.
_PAGES = {
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


def ended_text(end: TokenEnd) -> str:
    """What became of a token, for programs that show it to their user."""
    return gettext(_TEXTS[end])


def ended_on_page(end: TokenEnd | None) -> str:
    """The same on a page; empty where there is nothing to say."""
    return gettext(_PAGES[end]) if end in _PAGES else ""
