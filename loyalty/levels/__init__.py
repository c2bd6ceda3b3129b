"""The levels of a business, and the points that reach them."""

from loyalty.levels.facts import levels_of, levels_query
from loyalty.levels.limits import NewLevel, NewLevelTable
from loyalty.levels.owners_levels import owners_levels
from loyalty.levels.points import KeptPoints, recounts, stored_of
from loyalty.levels.reading import LevelTableReading, version_of
from loyalty.levels.set_levels import set_levels
from loyalty.levels.view import LevelView, StreakView

__all__ = [
    "KeptPoints",
    "LevelTableReading",
    "LevelView",
    "NewLevel",
    "NewLevelTable",
    "StreakView",
    "levels_of",
    "levels_query",
    "owners_levels",
    "recounts",
    "set_levels",
    "stored_of",
    "version_of",
]
