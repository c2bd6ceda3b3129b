"""Top-level errors for callers who are not, or not any more, somebody who may do this."""

from django.utils.translation import override

from graphql_api.errors import PublicError, forbidden, unauthenticated
from graphql_api.technical import WrongToken
from loyalty.base import access
from loyalty.base.access import NotAllowed, Permission
from loyalty.base.values import Actor, Anonymous
from loyalty.people import TokenEnd, ended
from loyalty.wording import access_text, ended_text
from tenants.lifting_plan import EXPLORING, lifting_plan


def not_signed_in(bearer: str, *, language: str) -> PublicError:
    """UNAUTHENTICATED for what was sent: what became of a token that was good here once.

    All others get one answer, whatever they are.
    """
    found = ended(bearer) if bearer else None
    # On a socket nobody else has chosen the language.
    with override(language):
        if found is not None:
            return unauthenticated(ended_text(found), reason=found.value)
        if not bearer:
            return unauthenticated(access_text.no_bearer(), reason=WrongToken.NO_BEARER)
        return unauthenticated(access_text.unknown_token(), reason=WrongToken.UNKNOWN)


def no_device(bearer: str | None, *, language: str) -> PublicError:
    """UNAUTHENTICATED, where a paired device's token is asked for."""
    if bearer == "" or (bearer and ended(bearer) is TokenEnd.DEVICE_REVOKED):
        return not_signed_in(bearer, language=language)
    with override(language):
        if bearer is None:
            return unauthenticated(access_text.device_token_needed())
        return unauthenticated(access_text.not_a_device(), reason=WrongToken.NOT_A_DEVICE)


def not_allowed(actor: Actor, deed: Permission, *, language: str) -> PublicError:
    """FORBIDDEN, and who may do it, or that the password would open it."""
    with override(language):
        if access.may_with_password(actor, deed):
            return forbidden(access_text.password_needed(), reason="password_needed")
        roles = access.who_may(deed)
        return forbidden(access_text.only_for(roles), reason="role_needed", roles=roles)


def denial(refused: NotAllowed, *, language: str) -> PublicError:
    """What the caller hears whom an action refused: to sign in first, or who may do it."""
    if isinstance(refused.actor, Anonymous):
        return unauthenticated()
    return not_allowed(refused.actor, refused.permission, language=language)


def no_exploring(*, has_api: bool, language: str) -> PublicError:
    """FORBIDDEN, where somebody wants to read the schema who may not."""
    with override(language):
        if has_api:
            roles = access.who_may(Permission.EXPLORE_API)
            text = access_text.exploring_for_managers()
            return forbidden(text, reason="role_needed", roles=roles)
        plan = lifting_plan(EXPLORING) or access_text.higher_plan()
        text = access_text.exploring_needs_plan(plan)
        return forbidden(text, reason="plan_needed", plan=plan)
