"""What ends by itself: units, bonuses, absences, and what has served its time."""
