"""The customer joins the leaderboard under a name of their own, or leaves it."""

from django.db import IntegrityError, transaction
from django.db.models import F, Func, TextField, Value

from loyalty.base import access
from loyalty.base.access import Permission
from loyalty.base.errors import NotFound
from loyalty.base.values import CustomerActor
from loyalty.db.database_errors import UNIQUE, sqlstate
from loyalty.models import Customer, Settings
from loyalty.people.nickname import (
    HIDDEN,
    SEPARATORS,
    STROKE,
    STROKES,
    check_reserved,
    cleaned,
    refused,
    skeleton,
)
from loyalty.people.profile import Profile, profile


def set_nickname(typed: str, *, actor: CustomerActor) -> Profile:
    """The profile with this nickname; an empty one leaves the leaderboard.

    Raises InvalidInput (its `reason`: characters, markup, length, address, scripts, reserved,
    taken) or NotFound.
    """
    access.require(actor, Permission.EDIT_PROFILE)
    name = cleaned(typed)
    check_reserved(name, business=Settings.objects.get().business_name)
    try:
        # One statement; the unique indexes decide between two who want one name at once, or two
        # names that look alike.
        with transaction.atomic():
            if _is_look_of_before(skeleton(name), but=actor.id):
                raise refused("taken")
            changed = Customer.objects.filter(pk=actor.id).update(
                nickname=name, nickname_skeleton=skeleton(name)
            )
    except IntegrityError as error:
        if sqlstate(error) != UNIQUE:
            raise
        raise refused("taken") from None
    if not changed:
        raise NotFound
    return profile(actor=actor)


def _is_look_of_before(look: str, *, but: int) -> bool:
    """True when somebody else has this look by an older table.

    It told i from l, and A n a from Ana.
    No such look is written any more, so nobody can take one at the same moment.
    """
    now = Func(
        F("nickname_skeleton"),
        Value(STROKES + HIDDEN + SEPARATORS),
        Value(STROKE * len(STROKES)),
        function="translate",
        output_field=TextField(),
    )
    others = Customer.objects.exclude(nickname_skeleton="").exclude(pk=but)
    return bool(look) and others.annotate(look=now).filter(look=look).exists()
