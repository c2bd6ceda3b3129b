"""Switches are the same when they come back from a version's row."""

import json

from hypothesis import given

from loyalty.switches.switches import NONE, Reward, Switches, from_stored, from_text, stored
from tests.factories.offers import switches


@given(switches)
def test_they_come_back_as_they_were(wanted: Switches) -> None:
    assert from_stored(stored(wanted)) == wanted
    assert from_text(json.dumps(stored(wanted))) == wanted


def test_what_is_off_takes_no_room() -> None:
    assert stored(NONE) == {}
    assert from_stored({}) == NONE
    assert set(stored(Switches(points=1, welcome=Reward()))) == {"points", "welcome"}


def test_a_gift_without_a_word_is_still_a_gift() -> None:
    assert from_stored(stored(Switches(card=Reward()))).card == Reward()
