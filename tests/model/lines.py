"""A card's history adds up to the card, whatever happened to it."""

from collections import defaultdict

from loyalty.explaining.card_lines import SHOWN, CardLine, card_lines
from loyalty.models import Event
from tests.model.look import Look


def lines_add_up(seen: Look) -> None:
    """Raise AssertionError where the lines of a card are more or less than the card."""
    events = Event.objects.filter(kind__in=SHOWN, card_id__isnull=False)
    lines = defaultdict[int | None, list[CardLine]](list)
    for event, line in zip(events, card_lines(list(events)), strict=True):
        lines[event.card_id].append(line)
    for owner, card in seen.cards.items():
        mine = lines[card["id"]]
        assert sum(line.points for line in mine) == card["points"], (owner, "points")
        counted = sum(units - debt for units, debt in card["counters"].values())
        assert sum(line.moved.change for line in mine) == counted, (owner, "units")
