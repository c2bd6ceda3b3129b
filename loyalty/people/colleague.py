"""A person who works for the business, as others who work there see them."""

from loyalty.base import access
from loyalty.base.access import Permission
from loyalty.base.errors import NotFound
from loyalty.base.values import Actor, StaffActor
from loyalty.models import StaffMember


def staff_member(number: int, *, actor: Actor) -> StaffMember:
    """The actor themselves, or anybody for managers; raises NotAllowed or NotFound."""
    access.require(actor, Permission.READ_PANEL)
    found = StaffMember.objects.filter(pk=number).first()
    if found is None:
        raise NotFound
    is_own = isinstance(actor, StaffActor) and actor.id == found.pk
    access.require_own(actor, Permission.READ_ANY_SESSION, is_own=is_own)
    return found
