"""How much: pure functions over frozen values; no clock, no database, no Django."""

from loyalty.counting.activity import Activity, level_index_reached
from loyalty.counting.sale_size import MOST_CARDS

__all__ = [
    "MOST_CARDS",
    "Activity",
    "level_index_reached",
]
