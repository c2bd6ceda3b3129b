"""What lines did to their cards' counters, whichever lines of whichever cards are asked for."""

import pytest

from loyalty.explaining.line_moves import EntriesByLine
from loyalty.models import Event
from tests.factories.sales import ANN, sold

pytestmark = pytest.mark.django_db
BOB = "bob@alpha.example"


def test_each_card_has_a_balance_of_its_own() -> None:
    anns = [sold(email=ANN) for _ in range(4)]
    bobs = [sold(email=BOB) for _ in range(6)]
    asked = [anns[1], bobs[0], anns[3], bobs[5], bobs[3]]
    events = Event.objects.filter(kind="collected", session_id__in=asked)
    moves = EntriesByLine(list(events))
    after = {event.session_id: moves.moved(event).after for event in events}
    # Bob's fifth visit, which filled the card, was not asked for; it counts all the same.
    assert after == {anns[1]: 2, anns[3]: 4, bobs[0]: 1, bobs[3]: 4, bobs[5]: 1}


def test_no_lines_have_moved_nothing() -> None:
    sold()
    minted = Event.objects.get(kind="minted")
    assert EntriesByLine([]).moved(minted) == EntriesByLine([minted]).moved(minted)
    assert EntriesByLine([]).moved(minted).after is None
