"""`levels`: the business's ladder."""

from graphql_api.context import Info
from graphql_api.types.level import LevelLadder
from graphql_api.types.level import ladder as presented
from loyalty.base import access
from loyalty.base.access import Permission
from loyalty.levels import owners_levels


def levels(info: Info) -> LevelLadder:
    """The levels, for anybody signed in."""
    actor = info.context.actor
    with info.context.asking():
        found = owners_levels(actor=actor)
    return presented(found, is_whole=access.may(actor, Permission.SET_LEVELS))
