"""What is said to callers who are not, or not any more, somebody who may do this."""

from collections.abc import Sequence

from django.utils.translation import gettext, gettext_noop

# By `access.who_may`: a test walks all permissions.
_FOR = {
    ("OWNER", "MANAGER"): gettext_noop("This is for owners and managers."),
    ("OWNER", "MANAGER", "STAFF"): gettext_noop("This is for people who work here."),
    ("OWNER", "MANAGER", "STAFF", "CUSTOMER"): gettext_noop(
        "This is for customers and for people who work here."
    ),
    ("CUSTOMER",): gettext_noop("This is for customers."),
}


def sign_in_first() -> str:
    """Nobody is signed in."""
    return gettext("Sign in first.")


def only_for(roles: Sequence[str]) -> str:
    """Who may do it, by the names of their roles."""
    return gettext(_FOR[tuple(roles)])


def password_needed() -> str:
    """The caller may do it, but switched on by passcode."""
    return gettext("This needs a sign-in with e-mail and password; a passcode is too little.")


def no_bearer() -> str:
    """What came as authorization is no bearer token."""
    return gettext("The authorization must be the text: Bearer TOKEN.")


def unknown_token() -> str:
    """Nobody here has, or had, this token."""
    return gettext("This token is not valid here. Sign in again.")


def device_token_needed() -> str:
    """A device's token is asked for, and none came."""
    return gettext("Send the token of a paired device.")


def not_a_device() -> str:
    """A device's token is asked for, and another came."""
    return gettext("This is not the token of a paired device. Pair this one first.")


def exploring_for_managers() -> str:
    """The schema may be read by others."""
    return gettext("Introspection is for owners and managers: sign in as one of them.")


def exploring_needs_plan(plan: str) -> str:
    """The schema may not be read on the business's plan, but on this one."""
    text = gettext(
        "Your plan does not include GraphiQL and introspection: %(plan)s does. All other"
        " operations work on every plan."
    )
    return text % {"plan": plan}


def higher_plan() -> str:
    """A plan whose name is not known."""
    return gettext("A higher plan")
