"""Switches are the same when they come back from a version's row."""

import json
from dataclasses import fields

from hypothesis import given

from loyalty.switches import (
    NONE,
    REGISTRY,
    Reward,
    StreakRule,
    Switches,
    from_stored,
    from_text,
    stored,
)
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


def test_what_a_newer_process_wrote_is_left_out() -> None:
    streak = {"window": 7, "threshold": 4, "colour": "red", "gift": {"text": "Tea", "size": "L"}}
    kept = {"points": 2, "surprise": {"on": True}, "streak": streak, "welcome": {"new": 1}}
    assert from_stored(kept) == Switches(
        points=2, streak=StreakRule(7, 4, Reward(text="Tea")), welcome=Reward()
    )


def test_each_switch_is_in_the_registry_and_off_makes_sense() -> None:
    assert set(REGISTRY) == {each.name for each in fields(Switches)}
    for name, switch in REGISTRY.items():
        assert getattr(NONE, name) == switch.off
        assert switch.is_right(switch.off)
        assert switch.is_as_good(switch.off, switch.off)
