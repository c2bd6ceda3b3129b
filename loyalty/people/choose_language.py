"""The customer chooses the language of their pages and mails."""

from django.conf import settings

from loyalty.base import access
from loyalty.base.access import Permission
from loyalty.base.errors import InvalidInput, NotFound
from loyalty.base.values import CustomerActor
from loyalty.models import Customer
from loyalty.people.profile import Profile, profile


def choose_language(code: str, *, actor: CustomerActor) -> Profile:
    """The profile, with one of the languages that the product answers in, by its code ("de").

    Raises InvalidInput or NotFound.
    """
    access.require(actor, Permission.EDIT_PROFILE)
    if code not in dict(settings.LANGUAGES):
        raise InvalidInput(details={"field": "language", "reason": "unknown"})
    if not Customer.objects.filter(pk=actor.id).update(language=code):
        raise NotFound
    return profile(actor=actor)
