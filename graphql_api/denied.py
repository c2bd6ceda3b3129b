"""Top-level errors for callers who are not, or not any more, somebody who may do this."""

from django.utils.translation import gettext, gettext_noop, override

from graphql_api.errors import PublicError, forbidden, unauthenticated
from graphql_api.top_level_codes import WrongToken
from loyalty.base import access
from loyalty.base.access import Permission
from loyalty.base.values import Actor
from loyalty.people import TokenEnd, ended
from tenants.lifting_plan import EXPLORING, lifting_plan

_ENDED = {
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
# By `access.who_may`: a test walks all deeds.
_FOR = {
    ("OWNER", "MANAGER"): gettext_noop("This is for owners and managers."),
    ("OWNER", "MANAGER", "STAFF"): gettext_noop("This is for people who work here."),
    ("OWNER", "MANAGER", "STAFF", "CUSTOMER"): gettext_noop(
        "This is for customers and for people who work here."
    ),
    ("CUSTOMER",): gettext_noop("This is for customers."),
}


def not_signed_in(bearer: str, *, language: str) -> PublicError:
    """UNAUTHENTICATED for what was sent: what became of a token that was good here once.

    All others get one answer, whatever they are.
    """
    found = ended(bearer) if bearer else None
    # On a socket nobody else has chosen the language.
    with override(language):
        if found is not None:
            return unauthenticated(gettext(_ENDED[found]), reason=found.value)
        if not bearer:
            text = gettext("The authorization must be the text: Bearer TOKEN.")
            return unauthenticated(text, reason=WrongToken.NO_BEARER)
        text = gettext("This token is not valid here. Sign in again.")
        return unauthenticated(text, reason=WrongToken.UNKNOWN)


def no_device(bearer: str | None, *, language: str) -> PublicError:
    """UNAUTHENTICATED, where a paired device's token is asked for."""
    if bearer == "" or (bearer and ended(bearer) is TokenEnd.DEVICE_REVOKED):
        return not_signed_in(bearer, language=language)
    with override(language):
        if bearer is None:
            return unauthenticated(gettext("Send the token of a paired device."))
        text = gettext("This is not the token of a paired device. Pair this one first.")
        return unauthenticated(text, reason=WrongToken.NOT_A_DEVICE)


def not_allowed(actor: Actor, deed: Permission, *, language: str) -> PublicError:
    """FORBIDDEN, and who may do it, or that the password would open it."""
    with override(language):
        if access.may_with_password(actor, deed):
            text = gettext(
                "This needs a sign-in with e-mail and password; a passcode is too little."
            )
            return forbidden(text, reason="password_needed")
        roles = access.who_may(deed)
        return forbidden(gettext(_FOR[tuple(roles)]), reason="role_needed", roles=roles)


def no_exploring(*, has_api: bool, language: str) -> PublicError:
    """FORBIDDEN, where somebody wants to read the schema who may not."""
    with override(language):
        if has_api:
            roles = access.who_may(Permission.EXPLORE_API)
            text = gettext("Introspection is for owners and managers: sign in as one of them.")
            return forbidden(text, reason="role_needed", roles=roles)
        plan = lifting_plan(EXPLORING) or gettext("A higher plan")
        text = gettext(
            "Your plan does not include GraphiQL and introspection: %(plan)s does. All other"
            " operations work on every plan."
        )
        return forbidden(text % {"plan": plan}, reason="plan_needed", plan=plan)
