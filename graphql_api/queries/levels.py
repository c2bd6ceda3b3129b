"""`levels`: the business's ladder."""

from graphql_api.context import Info
from graphql_api.types.level import LevelLadder
from graphql_api.types.level import ladder as presented
from loyalty.base import access
from loyalty.base.access import Deed
from loyalty.levels.owners_levels import ladder


def levels(info: Info) -> LevelLadder:
    """The levels, for anybody signed in."""
    actor = info.context.signed_in(Deed.READ_LEVELS)
    return presented(ladder(), is_whole=access.may(actor, Deed.SET_LEVELS))
